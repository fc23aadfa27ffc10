import {
  AccountBookOutlined,
  FileDoneOutlined,
  PercentageOutlined,
  RollbackOutlined,
} from "@ant-design/icons";
import i18next from "i18next";
import type { Screen } from "@/console/screen";

/** The screens on prices, bills and money. */
export const billingScreens: Screen[] = [
  {
    path: "bills/:bill",
    of: "estate",
    needs: "bill.read",
    load: () => import("./bills/BillPage"),
  },
  {
    path: "payments/:payment",
    of: "estate",
    needs: "payment.read",
    load: () => import("./cashier/PaymentPage"),
  },
  {
    path: "accounts/:account/statement",
    of: "estate",
    needs: "account.read",
    load: () => import("./statement/StatementPage"),
  },
  {
    path: "fees",
    of: "estate",
    needs: "fee.read",
    load: () => import("./fees/FeesPage"),
    entry: {
      group: "billing",
      label: () => i18next.t("fees:title"),
      icon: <AccountBookOutlined />,
    },
  },
  {
    path: "bill-runs",
    of: "estate",
    needs: "bill_run.preview",
    load: () => import("./bill-runs/BillRunsPage"),
    entry: {
      group: "billing",
      label: () => i18next.t("billRuns:title"),
      icon: <FileDoneOutlined />,
    },
  },
  {
    path: "bill-runs/new",
    of: "estate",
    needs: "bill_run.preview",
    load: () => import("./bill-runs/NewBillRun"),
  },
  {
    path: "bill-runs/:run",
    of: "estate",
    needs: "bill_run.preview",
    load: () => import("./bill-runs/BillRunPage"),
  },
  {
    path: "refunds",
    of: "estate",
    needs: "payment.read",
    load: () => import("./refunds/RefundsPage"),
    entry: {
      group: "billing",
      label: () => i18next.t("refunds:title"),
      icon: <RollbackOutlined />,
    },
  },
  {
    path: "collection",
    of: "estate",
    needs: "collection.read",
    load: () => import("./collection/CollectionPage"),
    entry: {
      group: "billing",
      label: () => i18next.t("collection:title"),
      icon: <PercentageOutlined />,
    },
  },
];
