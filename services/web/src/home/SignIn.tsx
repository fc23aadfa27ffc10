import { useTranslation } from "react-i18next";
import { rememberedCompany, useSignIn } from "@/session/sign-in";
import { LanguageSwitch } from "./LanguageSwitch";

/** The resident's way in. */
export function SignIn() {
  const { t } = useTranslation("session");
  const { t: home } = useTranslation("home");
  const { submit, busy, locked, message } = useSignIn();
  const onSubmit = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    return submit({
      company: text("company"),
      login: text("login"),
      password: String(data.get("password") ?? ""),
    });
  };
  return (
    <main className="page">
      <h1>{home("title")}</h1>
      <form action={onSubmit} className="form">
        <label>
          {t("company")}
          <input
            name="company"
            required
            defaultValue={rememberedCompany()}
            autoCapitalize="none"
            autoComplete="organization"
          />
        </label>
        <label>
          {t("login")}
          <input name="login" required autoCapitalize="none" autoComplete="username" />
        </label>
        <label>
          {t("password")}
          <input name="password" type="password" required autoComplete="current-password" />
        </label>
        {message && <p role="alert">{message}</p>}
        <button type="submit" disabled={busy || locked}>
          {t("signIn")}
        </button>
      </form>
      <LanguageSwitch />
    </main>
  );
}
