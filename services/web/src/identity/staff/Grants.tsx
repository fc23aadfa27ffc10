import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActDialog } from "@/console/pieces/ActDialog";
import { Status } from "@/console/pieces/Status";
import { useRights } from "@/console/rights";
import { useAct } from "@/graph/act";
import { RevokeRoleDocument } from "@/graph/generated";
import { useViewer } from "@/session/session";
import css from "./Grants.module.css";
import { useRoleNames } from "./roles";
import type { StaffRow } from "./StaffPage";

type Grant = StaffRow["grants"][number];

/** The roles of a member of staff and where they hold. */
export function Grants({ person }: { person: StaffRow }) {
  const { t } = useTranslation("staff");
  const may = useRights();
  const viewer = useViewer();
  const roleName = useRoleNames();
  const revoke = useAct(RevokeRoleDocument);
  const [ending, setEnding] = useState<Grant>();
  const manages = may("role.manage") && person.id !== viewer.id;
  const place = ({ estateId }: Grant) =>
    viewer.estates.find(({ estate }) => estate.id === estateId)?.estate.name ??
    (estateId ? estateId : t("everywhere"));
  if (person.grants.length === 0) return <>{t("noRole")}</>;
  return (
    <div className={css.grants}>
      {person.grants.map(grant => (
        <Status key={grant.id} tone="info">
          {roleName(grant.role)} · {place(grant)}
          {manages && (
            <Button
              type="text"
              size="small"
              className={css.end ?? ""}
              icon={<CloseOutlined />}
              aria-label={`${t("revoke")} ${roleName(grant.role)}`}
              onClick={() => setEnding(grant)}
            />
          )}
        </Status>
      ))}
      {ending && (
        <ActDialog
          title={t("revokeTitle", { name: person.name, role: roleName(ending.role) })}
          danger
          submit={t("revoke")}
          done={t("revoked")}
          act={() => revoke({ input: { grantId: ending.id } })}
          onClose={() => setEnding(undefined)}
        >
          <p>{t("revokeNote")}</p>
        </ActDialog>
      )}
    </div>
  );
}
