import { UploadOutlined } from "@ant-design/icons";
import { Alert, Button, DatePicker, Form } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { PastImports } from "@/billing/imported-fees/ImportedFeesList";
import { useSubmission } from "@/console/pieces/FormDialog";
import { Page, Panel } from "@/console/pieces/Page";
import { useEstate } from "@/console/rights";
import { addMonths, monthOf, today } from "@/figures/dates";
import { useAct } from "@/graph/act";
import { StartImportDocument } from "@/graph/generated";
import { currentLanguage } from "@/words/words";
import { ImportSteps } from "./ImportSteps";
import css from "./imports.module.css";
import { upload } from "./upload";

type Values = { file?: File; cutOverMonth: Dayjs };

/** The first step: a file, and the month from which it is charged here. */
export default function StartImport() {
  const { t } = useTranslation("imports");
  const { id: estateId, code, timeZone } = useEstate();
  const navigate = useNavigate();
  const start = useAct(StartImportDocument);
  const [form] = Form.useForm<Values>();
  const submit = async ({ file, cutOverMonth }: Values) => {
    if (!file) return;
    const fileId = await upload(file, currentLanguage());
    const input = { estateId, fileId, cutOverMonth: cutOverMonth.format("YYYY-MM") };
    const { startImport } = await start({ input });
    navigate(`/e/${code}/imports/${startImport.import.id}`);
  };
  const { busy, failure, finish } = useSubmission(form, submit);
  const next = dayjs(addMonths(monthOf(today(timeZone)), 1));
  return (
    <Page title={t("title")}>
      <ImportSteps at={0} />
      <Panel>
        <p className="hint">{t("uploadNote")}</p>
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ cutOverMonth: next }}
          onFinish={finish}
        >
          {failure && (
            <Form.Item>
              <Alert type="error" showIcon title={failure} role="alert" />
            </Form.Item>
          )}
          <Form.Item
            name="file"
            label={t("file")}
            extra={t("fileHint")}
            rules={[{ required: true, message: t("needFile") }]}
          >
            <FileChoice />
          </Form.Item>
          <Form.Item name="cutOverMonth" label={t("cutOver")} extra={t("cutOverHint")}>
            <DatePicker picker="month" format="YYYY-MM" allowClear={false} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("upload")}
          </Button>
        </Form>
      </Panel>
      <PastImports />
    </Page>
  );
}

/** A file of this computer, chosen or dropped. */
function FileChoice({ value, onChange }: { value?: File; onChange?: (file?: File) => void }) {
  const { t } = useTranslation("imports");
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => files?.[0] && onChange?.(files[0]);
  return (
    <label
      htmlFor={id}
      className={`${css.drop} ${over ? css.over : ""}`}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <UploadOutlined aria-hidden />
      <span className={css.fileName}>{value?.name ?? t("choose")}</span>
      <input
        id={id}
        type="file"
        className="visually-hidden"
        accept=".xlsx,.csv"
        onChange={event => take(event.target.files)}
      />
    </label>
  );
}
