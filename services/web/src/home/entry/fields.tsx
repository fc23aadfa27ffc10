import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./entry.module.css";

/** Which property company's account it is. */
export function CompanyField({ value, fixed }: { value: string; fixed?: boolean }) {
  const { t } = useTranslation("session");
  const hint = useId();
  return (
    <label>
      {t("company")}
      <input
        name="company"
        required
        defaultValue={value}
        readOnly={fixed}
        autoCapitalize="none"
        autoComplete="organization"
        aria-describedby={hint}
      />
      <small id={hint}>{t("companyHint")}</small>
    </label>
  );
}

type PasswordProps = { label: string; hint?: string; autoComplete: string; least?: number };

/** A password that can be looked at while it is typed. */
export function PasswordField({ label, hint, autoComplete, least }: PasswordProps) {
  const { t } = useTranslation("entry");
  const [shown, show] = useState(false);
  const id = useId();
  return (
    <>
      <label>
        {label}
        <input
          name="password"
          type={shown ? "text" : "password"}
          required
          minLength={least}
          autoCapitalize="none"
          autoComplete={autoComplete}
          aria-describedby={hint ? id : undefined}
        />
        {hint && <small id={id}>{hint}</small>}
      </label>
      <label className={css.check}>
        <input type="checkbox" checked={shown} onChange={event => show(event.target.checked)} />
        {t("show")}
      </label>
    </>
  );
}

/** What was typed into a field. */
export function typed(data: FormData, name: string): string {
  return String(data.get(name) ?? "");
}
