import { Alert, Form, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog, ReasonField } from "@/console/pieces/FormDialog";
import { useRights } from "@/console/rights";
import { useAct } from "@/graph/act";
import { type PersonalField, RevealPersonalDataDocument } from "@/graph/generated";
import type { Member } from "./People";

type Values = { field: PersonalField; reason: string };

/** Shows one piece of personal data whole, for a reason that is kept. */
export function Reveal({ member, onClose }: { member: Member | undefined; onClose: () => void }) {
  const { t } = useTranslation("household");
  const { t: shell } = useTranslation("shell");
  const may = useRights();
  const reveal = useAct(RevealPersonalDataDocument);
  const [shown, setShown] = useState<{ field: PersonalField; value: string | null }>();
  const fields: PersonalField[] = ["PHONE", "NAME"];
  if (may("person.reveal_identity")) fields.push("IDENTITY");
  const name = member?.person.name ?? "";
  return (
    <>
      <FormDialog<Values>
        title={t("revealOf", { name })}
        open={member !== undefined}
        onClose={onClose}
        initial={{ field: "PHONE" }}
        onSubmit={async ({ field, reason }) => {
          if (!member) return;
          const input = { personId: member.person.id, field, reason };
          const { revealPersonalData } = await reveal({ input });
          setShown({ field, value: revealPersonalData.value });
        }}
      >
        <Form.Item>
          <Alert type="info" showIcon title={t("revealNote")} />
        </Form.Item>
        <Form.Item name="field" label={t("field")}>
          <Radio.Group
            options={fields.map(field => ({ value: field, label: t(`fields.${field}`) }))}
          />
        </Form.Item>
        <ReasonField />
      </FormDialog>
      <Modal
        title={shown && t(`fields.${shown.field}`)}
        open={shown !== undefined}
        onCancel={() => setShown(undefined)}
        onOk={() => setShown(undefined)}
        okText={shell("close")}
        cancelButtonProps={{ hidden: true }}
        width={360}
      >
        <p className="revealed figure">{shown?.value ?? t("nothing")}</p>
      </Modal>
    </>
  );
}
