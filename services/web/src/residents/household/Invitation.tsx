import { Modal, Typography } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { Instant } from "@/console/pieces/figures";
import { Failed, Loading } from "@/console/pieces/states";
import { failureOf } from "@/graph/failure";
import { InviteResidentDocument } from "@/graph/generated";
import css from "./HouseholdCard.module.css";
import type { Member } from "./People";

type Props = { unitId: string; member: Member | undefined; onClose: () => void };

/** The code with which a resident opens an account, shown this once. */
export function Invitation({ unitId, member, onClose }: Props) {
  const { t } = useTranslation("household");
  const { t: shell } = useTranslation("shell");
  const [{ data, error }, invite] = useMutation(InviteResidentDocument);
  const [of, setOf] = useState<string>();
  const personId = member?.person.id;
  useEffect(() => {
    if (!personId) return;
    setOf(undefined);
    invite({ input: { unitId, personId } }).then(() => setOf(personId));
  }, [personId, unitId, invite]);
  const failure = failureOf(error);
  const made = of === personId ? data?.inviteResident : undefined;
  const content = () => {
    if (failure && of === personId) return <Failed failure={failure} />;
    if (!made) return <Loading rows={2} />;
    return (
      <>
        <p>
          {t("inviteNote", { name: member?.person.name ?? "", address: `${location.origin}/home` })}{" "}
          <Instant at={made.expires} />
        </p>
        <Typography.Paragraph className={css.code ?? ""} copyable>
          {made.code}
        </Typography.Paragraph>
      </>
    );
  };
  return (
    <Modal
      title={t("inviteTitle")}
      open={member !== undefined}
      onCancel={onClose}
      onOk={onClose}
      okText={shell("close")}
      cancelButtonProps={{ hidden: true }}
      width={440}
    >
      {content()}
    </Modal>
  );
}
