import { App, Form, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActDialog } from "@/console/pieces/ActDialog";
import { FormDialog, useRequired } from "@/console/pieces/FormDialog";
import { useAct } from "@/graph/act";
import { EndStaffDocument, GrantRoleDocument, IssuePasswordResetDocument } from "@/graph/generated";
import { useViewer } from "@/session/session";
import { useLanguage } from "@/words/words";
import { useRoles } from "./roles";
import type { StaffRow } from "./StaffPage";
import { Token } from "./Token";

export type StaffActKind = "grant" | "reset" | "end";

type Props = { kind: StaffActKind; person: StaffRow; onClose: () => void };

/** Grants a role, resets a password, or ends somebody's work. */
export function StaffAct(props: Props) {
  if (props.kind === "grant") return <GrantRole {...props} />;
  if (props.kind === "reset") return <Reset {...props} />;
  return <End {...props} />;
}

/** No estate: the whole company. */
const EVERYWHERE = "";

function GrantRole({ person, onClose }: Props) {
  const { t } = useTranslation("staff");
  const zh = useLanguage() === "zh";
  const { estates } = useViewer();
  const { message } = App.useApp();
  const grant = useAct(GrantRoleDocument);
  const required = useRequired();
  const roles = useRoles().filter(role => role.grantable);
  const places = estates.map(({ estate }) => ({ value: estate.id, label: estate.name }));
  return (
    <FormDialog<{ role: string; estateId: string }>
      title={t("grantTitle", { name: person.name })}
      open
      submit={t("grant")}
      initial={{ estateId: EVERYWHERE }}
      onClose={onClose}
      onSubmit={async ({ role, estateId }) => {
        await grant({
          input: { userId: person.id, role, estateId: estateId || null, buildingIds: [] },
        });
        message.success(t("granted"));
      }}
    >
      <Form.Item name="role" label={t("role")} rules={[required]}>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={roles.map(({ code, nameZh, nameEn }) => ({
            value: code,
            label: zh ? nameZh : nameEn,
          }))}
        />
      </Form.Item>
      <Form.Item name="estateId" label={t("where")}>
        <Select options={[{ value: EVERYWHERE, label: t("everywhere") }, ...places]} />
      </Form.Item>
    </FormDialog>
  );
}

function Reset({ person, onClose }: Props) {
  const { t } = useTranslation("staff");
  const issue = useAct(IssuePasswordResetDocument);
  const [token, setToken] = useState<string>();
  if (token) return <Token made={{ name: person.name, token }} onClose={onClose} />;
  return (
    <FormDialog
      title={t("resetTitle", { name: person.name })}
      open
      submit={t("reset")}
      onClose={onClose}
      staysOpen
      onSubmit={async () => {
        const { issuePasswordReset } = await issue({ input: { userId: person.id } });
        setToken(issuePasswordReset.token);
      }}
    >
      <p>{t("resetNote")}</p>
    </FormDialog>
  );
}

function End({ person, onClose }: Props) {
  const { t } = useTranslation("staff");
  const end = useAct(EndStaffDocument);
  return (
    <ActDialog
      title={t("endTitle", { name: person.name })}
      danger
      submit={t("end")}
      done={t("endDone")}
      act={() => end({ input: { id: person.id } })}
      onClose={onClose}
    >
      <p>{t("endNote")}</p>
    </ActDialog>
  );
}
