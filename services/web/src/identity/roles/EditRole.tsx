import { App, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { FormDialog, useRequired } from "@/console/pieces/FormDialog";
import { useAct } from "@/graph/act";
import { isFailure } from "@/graph/failure";
import { CreateRoleDocument, UpdateRoleDocument } from "@/graph/generated";
import { useMaybe } from "@/words/maybe";
import { useLanguage } from "@/words/words";
import {
  type Draft,
  draftOf,
  limitsAreAmounts,
  permissionsInput,
  type Role,
  rightsOf,
} from "./draft";
import { RightsChoice } from "./RightsChoice";

type Values = { code: string; name: string; permissions: Draft };

type Props = {
  roles: Role[];
  /** The role that is changed; none: a new one. */
  of: Role | undefined;
  onClose: () => void;
};

/** Makes a role of the company's own, or changes one. */
export function EditRole({ roles, of: role, onClose }: Props) {
  const { t } = useTranslation("roles");
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const required = useRequired();
  const create = useAct(CreateRoleDocument);
  const update = useAct(UpdateRoleDocument);
  const maybe = useMaybe();
  // The server speaks of rights by their codes.
  const named = (text: string | undefined) =>
    text?.replace(
      /[`“]?([a-z_]+\.[a-z_]+)[`”]?/g,
      (_, code) => `“${maybe(`rights:${code}`, code)}”`,
    );
  const submit = async ({ code, name, permissions }: Values) => {
    const input = { code, name, permissions: permissionsInput(permissions) };
    const act = role ? update({ input: { ...input, code: role.code } }) : create({ input });
    await act.catch(thrown => {
      throw isFailure(thrown) ? { ...thrown, message: named(thrown.message) } : thrown;
    });
    message.success(t(role ? "changed" : "made"));
  };
  const areAmounts = async (_: unknown, draft: Draft) => {
    if (!limitsAreAmounts(draft)) throw new Error(t("notLimit"));
  };
  return (
    <FormDialog<Values>
      title={role ? t("editTitle", { name: role.nameZh }) : t("create")}
      open
      width={680}
      form={form}
      submit={role ? t("save") : t("create")}
      initial={
        role
          ? { code: role.code, name: role.nameZh, permissions: draftOf(role) }
          : { permissions: {} }
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <Form.Item name="name" label={t("name")} rules={[required]}>
        <Input maxLength={50} autoComplete="off" />
      </Form.Item>
      {!role && (
        <>
          <Form.Item name="code" label={t("code")} extra={t("codeHint")} rules={[required]}>
            <Input maxLength={16} autoComplete="off" />
          </Form.Item>
          <Form.Item label={t("startFrom")}>
            <TemplateChoice
              roles={roles}
              onChoose={template => form.setFieldsValue({ permissions: draftOf(template) })}
            />
          </Form.Item>
        </>
      )}
      <Form.Item name="permissions" label={t("permission")} rules={[{ validator: areAmounts }]}>
        <RightsChoice rights={rightsOf(roles)} />
      </Form.Item>
    </FormDialog>
  );
}

/** Rights to begin with: those of a template. */
function TemplateChoice({ roles, onChoose }: { roles: Role[]; onChoose: (role: Role) => void }) {
  const { t } = useTranslation("roles");
  const zh = useLanguage() === "zh";
  const templates = roles.filter(({ template, grantable }) => template && grantable);
  return (
    <Select
      aria-label={t("startFrom")}
      placeholder={t("empty")}
      onChange={code => {
        const chosen = templates.find(template => template.code === code);
        if (chosen) onChoose(chosen);
      }}
      options={templates.map(({ code, nameZh, nameEn }) => ({
        value: code,
        label: zh ? nameZh : nameEn,
      }))}
    />
  );
}
