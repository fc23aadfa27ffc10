import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { rememberedCompany, useSignIn } from "@/session/sign-in";
import { EntryCard } from "./EntryCard";
import css from "./SignIn.module.css";

/** The way in for staff. */
export function SignIn({ onFirst }: { onFirst: () => void }) {
  const { t } = useTranslation("session");
  const { t: shell } = useTranslation("shell");
  const { submit, busy, locked, message, isWrong } = useSignIn();
  const company = rememberedCompany();
  const needed = (what: string) => [{ required: true, message: t("required", { what }) }];
  return (
    <EntryCard sub={shell("staffConsole")}>
      <Form
        layout="vertical"
        requiredMark={false}
        size="large"
        initialValues={{ company }}
        onFinish={submit}
      >
        <Form.Item
          name="company"
          label={t("company")}
          extra={t("companyHint")}
          rules={needed(t("company"))}
        >
          <Input autoFocus={!company} autoCapitalize="none" autoComplete="organization" />
        </Form.Item>
        <Form.Item name="login" label={t("login")} rules={needed(t("login"))}>
          <Input autoFocus={company !== ""} autoCapitalize="none" autoComplete="username" />
        </Form.Item>
        <Form.Item name="password" label={t("password")} rules={needed(t("password"))}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {message && (
          <Alert
            className="notice"
            type={isWrong ? "error" : "info"}
            title={message}
            role="alert"
            showIcon
          />
        )}
        <Button type="primary" htmlType="submit" block loading={busy} disabled={locked}>
          {t("signIn")}
        </Button>
      </Form>
      <Button type="link" block className={css.other ?? ""} onClick={onFirst}>
        {shell("firstPassword")}
      </Button>
    </EntryCard>
  );
}
