import { Alert, App, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { isFailure } from "@/graph/failure";
import { send } from "@/session/http";
import { currentLanguage } from "@/words/words";
import { EntryCard } from "./EntryCard";
import { useSubmission } from "./pieces/FormDialog";
import css from "./SignIn.module.css";

type Values = { token: string; password: string };

/** Where a one-time token becomes a password. */
export function NewPassword({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("shell");
  const { t: session } = useTranslation("session");
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const { busy, failure, finish } = useSubmission<Values>(form, async ({ token, password }) => {
    const body = { token: token.trim(), password };
    await send("POST", "/auth/password-reset", currentLanguage(), body).catch(thrown => {
      const wrong = isFailure(thrown) && thrown.code === "UNAUTHENTICATED";
      throw wrong ? { ...thrown, field: "token", message: t("tokenWrong") } : thrown;
    });
    message.success(t("passwordSet"));
    onDone();
  });
  const needed = (what: string) => [{ required: true, message: session("required", { what }) }];
  return (
    <EntryCard sub={t("firstPassword")}>
      <Form form={form} layout="vertical" requiredMark={false} size="large" onFinish={finish}>
        <Form.Item name="token" label={t("token")} rules={needed(t("token"))}>
          <Input autoFocus autoCapitalize="none" autoComplete="one-time-code" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("newPassword")}
          extra={t("passwordHint")}
          rules={[{ required: true, min: 10, message: t("passwordHint") }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {failure && <Alert className="notice" type="error" title={failure} role="alert" showIcon />}
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("setPassword")}
        </Button>
      </Form>
      <Button type="link" block className={css.other ?? ""} onClick={onDone}>
        {session("signIn")}
      </Button>
    </EntryCard>
  );
}
