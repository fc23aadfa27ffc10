import { EyeOutlined, MailOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useRights } from "@/console/rights";
import type { CardUnit } from "./HouseholdCard";
import css from "./HouseholdCard.module.css";
import { Invitation } from "./Invitation";
import { Reveal } from "./Reveal";

export type HouseholdOf = NonNullable<CardUnit["household"]>;
export type Member = HouseholdOf["members"][number];

/** Who belongs to the unit, masked; in full for a reason. */
export function People({ unit, household }: { unit: CardUnit; household: HouseholdOf }) {
  const { t } = useTranslation("household");
  const [revealed, setRevealed] = useState<Member>();
  const [invited, setInvited] = useState<Member>();
  const { members } = household;
  return (
    <Panel title={t("people")} flush>
      {members.length === 0 ? (
        <Nothing text={t("noPeople")} />
      ) : (
        <ul className={css.people}>
          {members.map(member => (
            <Person
              key={member.occupancy.id}
              member={member}
              pays={member.person.id === household.payer?.id}
              onReveal={() => setRevealed(member)}
              onInvite={() => setInvited(member)}
            />
          ))}
        </ul>
      )}
      <Reveal member={revealed} onClose={() => setRevealed(undefined)} />
      <Invitation unitId={unit.id} member={invited} onClose={() => setInvited(undefined)} />
    </Panel>
  );
}

type PersonProps = { member: Member; pays: boolean; onReveal: () => void; onInvite: () => void };

function Person({ member, pays, onReveal, onInvite }: PersonProps) {
  const { t } = useTranslation("household");
  const may = useRights();
  const { person, occupancy } = member;
  const kind = t(`members.${occupancy.kind}`);
  const relation = occupancy.relation;
  return (
    <li className={css.person}>
      <div className={css.line}>
        <span className={css.name}>{person.name}</span>
        <Status>{relation ? t("relationOf", { kind, relation }) : kind}</Status>
        {pays && <Status tone="good">{t("payer")}</Status>}
      </div>
      <div className={css.line}>
        <span className="figure">{person.phone ?? "–"}</span>
        {may("person.reveal_phone") && (
          <Tooltip title={t("reveal")}>
            <Button
              type="text"
              size="small"
              icon={<EyeOutlined />}
              aria-label={t("revealOf", { name: person.name })}
              onClick={onReveal}
            />
          </Tooltip>
        )}
        {may("resident.invite") && !person.company && (
          <Button type="text" size="small" icon={<MailOutlined />} onClick={onInvite}>
            {t("invite")}
          </Button>
        )}
      </div>
      <div className={css.more}>
        {t("since")} <span className="figure">{occupancy.from}</span>
        {occupancy.to && ` ${t("until", { day: occupancy.to })}`}
      </div>
    </li>
  );
}
