import { App, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { FormDialog, useRequired } from "@/console/pieces/FormDialog";
import { useEstate } from "@/console/rights";
import { useAct } from "@/graph/act";
import { CreateFeeItemDocument, type FeeKind } from "@/graph/generated";

type Values = { code: string; nameZh: string; nameEn: string; kind: FeeKind };

const KINDS: readonly FeeKind[] = [
  "PROPERTY_FEE",
  "PARKING",
  "COMMON_PARKING",
  "PASS_THROUGH",
  "SHARED_ENERGY",
  "RUBBISH",
  "SPECIAL_SERVICE",
  "LATE_FEE",
  "OTHER",
];

/** Enters a thing that is charged for. */
export function NewItem({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("fees");
  const { message } = App.useApp();
  const { id: estateId } = useEstate();
  const create = useAct(CreateFeeItemDocument);
  const required = useRequired();
  return (
    <FormDialog<Values>
      title={t("newItem")}
      open={open}
      initial={{ kind: "PROPERTY_FEE" }}
      onClose={onClose}
      onSubmit={async values => {
        await create({ input: { estateId, ...values } });
        message.success(t("itemMade"));
      }}
    >
      <Form.Item name="kind" label={t("kind")}>
        <Select options={KINDS.map(value => ({ value, label: t(`kinds.${value}`) }))} />
      </Form.Item>
      <Form.Item name="code" label={t("code")} extra={t("codeHint")} rules={[required]}>
        <Input maxLength={16} autoComplete="off" />
      </Form.Item>
      <Form.Item name="nameZh" label={t("nameZh")} rules={[required]}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="nameEn" label={t("nameEn")} rules={[required]}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}
