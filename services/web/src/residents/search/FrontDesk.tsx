import { Select, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Page, Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate } from "@/console/rights";
import { BuildingsDocument, UnitsDocument, type UnitsQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { UNIT_STATE_TONES } from "./tones";

type Row = NonNullable<UnitsQuery["units"]>["nodes"][number];

/** Where the front desk begins: the search box above, the estate's units below. */
export default function FrontDesk() {
  const { t } = useTranslation("search");
  const estate = useEstate();
  const [{ building }, filter] = useFilters(["building"]);
  const { after } = usePaging();
  const [buildings] = useQuery({ query: BuildingsDocument, variables: { estateId: estate.id } });
  const units = useQuery({
    query: UnitsDocument,
    variables: { estateId: estate.id, buildingId: building, after },
  });
  const columns = useColumns();
  const choices = (buildings.data?.buildings ?? []).map(({ id, code }) => ({
    value: id,
    label: t("buildingName", { code }),
  }));
  return (
    <Page title={t("title")}>
      <p className="hint">{t("hint")}</p>
      <Panel
        title={t("units")}
        flush
        acts={
          <Select
            aria-label={t("building")}
            value={building ?? ""}
            onChange={value => filter({ building: value })}
            options={[{ value: "", label: t("allBuildings") }, ...choices]}
          />
        }
      >
        <Answer of={units} pick={data => data.units} rows={10}>
          {({ nodes, pageInfo }) => (
            <ConnectionTable
              label={t("units")}
              columns={columns}
              rows={nodes}
              rowKey={unit => unit.id}
              page={pageInfo}
              empty={<Nothing text={t("noUnits")} />}
            />
          )}
        </Answer>
      </Panel>
    </Page>
  );
}

function useColumns(): TableColumnsType<Row> {
  const { t } = useTranslation("search");
  const { code } = useEstate();
  return [
    {
      title: t("unit"),
      key: "label",
      render: (_, unit) => <Link to={`/e/${code}/units/${unit.id}`}>{unit.label}</Link>,
    },
    {
      title: t("building"),
      key: "building",
      render: (_, { building }) => t("buildingName", { code: building.code }),
    },
    { title: t("use"), key: "use", render: (_, unit) => t(`uses.${unit.usedAs}`) },
    {
      title: t("state"),
      key: "state",
      render: (_, { state }) => (
        <Status tone={UNIT_STATE_TONES[state]}>{t(`states.${state}`)}</Status>
      ),
    },
    { title: t("layout"), dataIndex: "layout", render: (layout?: string) => layout ?? "–" },
    {
      title: t("area"),
      key: "area",
      ...FIGURES,
      render: (_, { grossArea }) => t("squareMetres", { area: grossArea }),
    },
  ];
}
