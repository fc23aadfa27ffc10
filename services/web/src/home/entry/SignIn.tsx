import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { rememberedCompany, useSignIn } from "@/session/sign-in";
import pieces from "../pieces/pieces.module.css";
import { Door } from "./Door";
import css from "./entry.module.css";
import { CompanyField, PasswordField, typed } from "./fields";

/** The resident's way in. */
export function SignIn() {
  const { t } = useTranslation("session");
  const { t: entry } = useTranslation("entry");
  const { t: frame } = useTranslation("frame");
  const { submit, busy, locked, message } = useSignIn();
  const hint = useId();
  return (
    <Door title={frame("app")} links={<Link to="/join">{entry("invited")}</Link>}>
      <form
        className={css.form}
        onSubmit={event => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          submit({
            company: typed(data, "company").trim(),
            login: typed(data, "login").trim(),
            password: typed(data, "password"),
          });
        }}
      >
        <CompanyField value={rememberedCompany()} />
        <label>
          {t("login")}
          <input
            name="login"
            required
            autoCapitalize="none"
            autoComplete="username"
            aria-describedby={hint}
          />
          <small id={hint}>{entry("signInHint")}</small>
        </label>
        <PasswordField label={t("password")} autoComplete="current-password" />
        {message && <p role="alert">{message}</p>}
        <button type="submit" className={pieces.button} disabled={busy || locked}>
          {t("signIn")}
        </button>
      </form>
    </Door>
  );
}
