import { Alert, Button, Card, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { rememberedCompany, useSignIn } from "@/session/sign-in";
import css from "./SignIn.module.css";
import { LanguageSwitch } from "./shell/LanguageSwitch";

/** The way in for staff. */
export function SignIn() {
  const { t } = useTranslation("session");
  const { t: shell } = useTranslation("shell");
  const { submit, busy, locked, message, isWrong } = useSignIn();
  const company = rememberedCompany();
  const needed = (what: string) => [{ required: true, message: t("required", { what }) }];
  return (
    <main className={css.page}>
      <Card className={css.card}>
        <div className={css.head}>
          <img src="/mark.svg" alt="" width={40} height={40} />
          <div>
            <h1 className={css.title}>{t("product")}</h1>
            <div className={css.sub}>{shell("staffConsole")}</div>
          </div>
        </div>
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
              className={css.message}
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
      </Card>
      <LanguageSwitch />
    </main>
  );
}
