import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable } from "@/console/pieces/ConnectionTable";
import { Panel } from "@/console/pieces/Page";
import { Nothing } from "@/console/pieces/states";
import { type BillStatus, UnitBillsDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useBillColumns } from "./columns";

const OPEN: readonly BillStatus[] = ["ISSUED", "PARTLY_PAID", "OVERDUE"];

/** The bills of a unit: those to pay, or all. */
export function UnitBills({ unitId }: { unitId: string }) {
  const { t } = useTranslation("bills");
  const [{ bills: wanted = "open" }, filter] = useFilters(["bills"]);
  const { after } = usePaging();
  const answer = useQuery({ query: UnitBillsDocument, variables: { unitId, after } });
  const columns = useBillColumns();
  return (
    <Panel
      title={t("bills")}
      flush
      acts={
        <Segmented
          aria-label={t("show")}
          value={wanted}
          onChange={value => filter({ bills: value === "open" ? undefined : value })}
          options={[
            { value: "open", label: t("open") },
            { value: "all", label: t("all") },
          ]}
        />
      }
    >
      <Answer of={answer} pick={data => data.unit?.bills} rows={4}>
        {({ nodes, pageInfo }) => (
          <ConnectionTable
            label={t("bills")}
            columns={columns}
            rows={wanted === "all" ? nodes : nodes.filter(bill => OPEN.includes(bill.status))}
            rowKey={bill => bill.id}
            page={pageInfo}
            empty={<Nothing text={nodes.length === 0 ? t("none") : t("noneOpen")} />}
          />
        )}
      </Answer>
    </Panel>
  );
}
