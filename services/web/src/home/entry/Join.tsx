import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { rememberedCompany } from "@/session/sign-in";
import pieces from "../pieces/pieces.module.css";
import { Door } from "./Door";
import css from "./entry.module.css";
import { CompanyField, PasswordField, typed } from "./fields";
import { readInvitation, tidyCode, useJoin } from "./join";

const LEAST_CHARACTERS = 10;

/** An invitation's code becomes an account, or one home more of an account. */
export function Join() {
  const { t } = useTranslation("entry");
  const navigate = useNavigate();
  const invitation = readInvitation(useLocation().hash);
  const { submit, busy, message } = useJoin(() => navigate("/welcome", { replace: true }));
  return (
    <Door title={t("join")} note={t("joinNote")} links={<Link to="/">{t("haveAccount")}</Link>}>
      <form
        className={css.form}
        onSubmit={event => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          submit({
            company: typed(data, "company").trim(),
            code: tidyCode(typed(data, "code")),
            password: typed(data, "password"),
          });
        }}
      >
        <CompanyField value={invitation.company || rememberedCompany()} />
        <label>
          {t("code")}
          <input
            name="code"
            required
            defaultValue={invitation.code}
            className={css.code}
            autoCapitalize="none"
            autoComplete="one-time-code"
            spellCheck={false}
          />
        </label>
        <PasswordField
          label={t("newPassword")}
          hint={t("passwordHint")}
          autoComplete="new-password"
          least={LEAST_CHARACTERS}
        />
        {message && <p role="alert">{message}</p>}
        <button type="submit" className={pieces.button} disabled={busy}>
          {t("submit")}
        </button>
      </form>
    </Door>
  );
}
