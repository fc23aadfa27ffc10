import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Table, type TableColumnsType } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePaging } from "@/address/paging";
import css from "./ConnectionTable.module.css";
import { Nothing } from "./states";

type Props<Row> = {
  label: string;
  columns: TableColumnsType<Row>;
  rows: readonly Row[];
  rowKey: (row: Row, index?: number) => string;
  /** What there is instead of rows. */
  empty?: ReactNode;
  /** The connection's page, for lists that may be longer than one. */
  page?: { hasNextPage: boolean; endCursor: string | null } | undefined;
  expanded?: (row: Row) => ReactNode;
  /** Whether the details of every row are shown from the start. */
  startOpen?: boolean;
  footer?: ReactNode;
};

/** The one table: figures at the right, a page at a time, and a word when it is empty. */
export function ConnectionTable<Row extends object>(props: Props<Row>) {
  const { t } = useTranslation("shell");
  const frame = useRef<HTMLDivElement>(null);
  // What scrolls sideways on a narrow screen does so by keys, too.
  useEffect(() =>
    frame.current?.querySelector(".ant-table-content")?.setAttribute("tabindex", "0"),
  );
  return (
    <div ref={frame}>
      <Table<Row>
        aria-label={props.label}
        className={css.table ?? ""}
        size="middle"
        columns={props.columns}
        dataSource={[...props.rows]}
        rowKey={row => props.rowKey(row)}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: props.empty ?? <Nothing /> }}
        {...(props.expanded
          ? {
              expandable: {
                columnTitle: <span className="visually-hidden">{t("details")}</span>,
                expandedRowRender: row => props.expanded?.(row),
                defaultExpandAllRows: props.startOpen ?? false,
              },
            }
          : {})}
      />
      {props.footer}
      {props.page && <Pages page={props.page} />}
    </div>
  );
}

function Pages({ page }: { page: { hasNextPage: boolean; endCursor: string | null } }) {
  const { t } = useTranslation("shell");
  const paging = usePaging();
  const { endCursor } = page;
  if (!paging.previous && !page.hasNextPage) return null;
  return (
    <nav className={css.pages} aria-label={t("pages")}>
      <Button icon={<LeftOutlined />} disabled={!paging.previous} onClick={paging.previous}>
        {t("previous")}
      </Button>
      <Button
        icon={<RightOutlined />}
        iconPlacement="end"
        disabled={!page.hasNextPage || !endCursor}
        onClick={() => endCursor && paging.next(endCursor)}
      >
        {t("next")}
      </Button>
    </nav>
  );
}

/** A column of figures: at the right, under a heading at the right. */
export const FIGURES = { align: "right", className: "figure" } as const;
