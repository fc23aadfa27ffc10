import { Alert, Button, Collapse, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/console/pieces/Page";
import { useAct } from "@/graph/act";
import { isFailure } from "@/graph/failure";
import {
  AdjustImportMappingDocument,
  type ImportStateFragment,
  ImportTemplateDocument,
  type ImportTemplateQuery,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useFailureText } from "@/session/failure";
import { useLanguage } from "@/words/words";
import { draftOf, mappingInput, type SheetDraft } from "./drafts";
import css from "./imports.module.css";

type Table = NonNullable<ImportTemplateQuery["importTemplate"]>[number];

/** How the file is read, and another way to read it. */
export function ImportMapping({ of }: { of: ImportStateFragment }) {
  const { t } = useTranslation("imports");
  const text = useFailureText();
  const adjust = useAct(AdjustImportMappingDocument);
  const [{ data }] = useQuery({ query: ImportTemplateDocument, requestPolicy: "cache-first" });
  const tables = data?.importTemplate ?? [];
  const [drafts, setDrafts] = useState<SheetDraft[]>(() => of.sheets.map(draftOf));
  const [wrong, setWrong] = useState<string>();
  const recheck = async () => {
    setWrong(undefined);
    try {
      await adjust({ input: { id: of.id, sheets: mappingInput(drafts) } });
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      setWrong(text(thrown));
    }
  };
  const change = (at: number, draft: SheetDraft) =>
    setDrafts(now => now.map((one, index) => (index === at ? draft : one)));
  return (
    <Panel flush>
      <Collapse
        ghost
        items={[
          {
            key: "mapping",
            label: t("mapping"),
            children: (
              <>
                <p className="hint">{t("mappingNote")}</p>
                {wrong && (
                  <Alert className="notice" type="error" showIcon title={wrong} role="alert" />
                )}
                {drafts.map((draft, index) => (
                  <Sheet
                    key={draft.sheet}
                    draft={draft}
                    tables={tables}
                    onChange={next => change(index, next)}
                  />
                ))}
                <Button onClick={recheck}>{t("recheck")}</Button>
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}

type SheetProps = { draft: SheetDraft; tables: Table[]; onChange: (draft: SheetDraft) => void };

function Sheet({ draft, tables, onChange }: SheetProps) {
  const { t } = useTranslation("imports");
  const zh = useLanguage() === "zh";
  const table = tables.find(({ kind }) => kind === draft.kind);
  const word = (named: { zh: string; en: string }) => (zh ? named.zh : named.en);
  return (
    <div className={css.sheet}>
      <div className={css.sheetHead}>
        <span className={css.sheetName}>{draft.sheet}</span>
        <Select
          aria-label={`${draft.sheet} ${t("readAs")}`}
          className={css.way ?? ""}
          value={draft.kind}
          onChange={kind => onChange({ ...draft, kind })}
          options={[
            { value: "", label: t("notRead") },
            ...tables.map(one => ({ value: one.kind, label: word(one) })),
          ]}
        />
        <span>{t("headerRow")}</span>
        <InputNumber
          aria-label={`${draft.sheet} ${t("headerRow")}`}
          className={css.row ?? ""}
          min={1}
          controls={false}
          value={draft.headerRow}
          onChange={row => onChange({ ...draft, headerRow: row ?? 1 })}
        />
      </div>
      <div className={css.fields}>
        {table?.columns.map(column => (
          <div key={column.key} className={css.field}>
            <span>
              {word(column)}
              {column.required && " *"}
            </span>
            <Input
              size="small"
              aria-label={`${draft.sheet} ${word(column)} ${t("letter")}`}
              maxLength={3}
              value={draft.letters[column.key] ?? ""}
              onChange={event =>
                onChange({
                  ...draft,
                  letters: { ...draft.letters, [column.key]: event.target.value },
                })
              }
            />
          </div>
        ))}
      </div>
    </div>
  );
}
