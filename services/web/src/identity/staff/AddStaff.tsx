import { Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog, useRequired } from "@/console/pieces/FormDialog";
import { useAct } from "@/graph/act";
import { AddStaffDocument } from "@/graph/generated";
import { useLanguage } from "@/words/words";
import { Token } from "./Token";

type Values = { name: string; login: string; phone?: string; positionId?: string };
type Props = {
  open: boolean;
  positions: { id: string; nameZh: string; nameEn: string }[];
  onClose: () => void;
};

/** Adds a member of staff; the token with which they set a password is shown once. */
export function AddStaff({ open, positions, onClose }: Props) {
  const { t } = useTranslation("staff");
  const zh = useLanguage() === "zh";
  const add = useAct(AddStaffDocument);
  const required = useRequired();
  const [made, setMade] = useState<{ name: string; token: string }>();
  return (
    <>
      <FormDialog<Values>
        title={t("add")}
        open={open}
        onClose={onClose}
        onSubmit={async ({ name, login, phone, positionId }) => {
          const input = { name, login, phone: phone || null, positionId: positionId || null };
          const { addStaff } = await add({ input });
          setMade({ name, token: addStaff.passwordToken });
        }}
      >
        <Form.Item name="name" label={t("name")} rules={[required]}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item name="login" label={t("login")} extra={t("loginHint")} rules={[required]}>
          <Input maxLength={40} autoCapitalize="none" autoComplete="off" />
        </Form.Item>
        <Form.Item name="phone" label={t("phone")}>
          <Input maxLength={30} inputMode="tel" autoComplete="off" />
        </Form.Item>
        <Form.Item name="positionId" label={t("position")}>
          <Select
            allowClear
            options={positions.map(({ id, nameZh, nameEn }) => ({
              value: id,
              label: zh ? nameZh : nameEn,
            }))}
          />
        </Form.Item>
      </FormDialog>
      <Token made={made} onClose={() => setMade(undefined)} />
    </>
  );
}
