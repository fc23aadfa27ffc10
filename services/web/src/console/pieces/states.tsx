//! What a screen shows instead of its content: while loading, when it failed, when there is
//! nothing, when it is not allowed.

import { Button, Empty, Result, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "@/graph/failure";
import { useFailureText } from "@/session/failure";
import { useMaybe } from "@/words/maybe";
import css from "./states.module.css";

/** While it is not known what there is to show. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation("session");
  return (
    <div role="status" aria-live="polite" className={css.state}>
      <span className="visually-hidden">{t("loading")}</span>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** What cannot be shown, why, and the way on. */
export function Failed({ failure, retry }: { failure: Failure; retry?: () => void }) {
  const { t } = useTranslation("session");
  const text = useFailureText();
  const status = failure.code === "NOT_FOUND" ? "404" : "warning";
  const again = retry && failure.code !== "NOT_FOUND" && failure.code !== "FORBIDDEN";
  return (
    <div role="alert">
      <Result
        status={status}
        icon={status === "404" ? null : undefined}
        subTitle={text(failure)}
        extra={again ? <Button onClick={retry}>{t("retry")}</Button> : undefined}
      />
    </div>
  );
}

/** A list without rows, and what to do about it. */
export function Nothing({ text, children }: { text?: string; children?: ReactNode }) {
  const { t } = useTranslation("shell");
  return (
    <Empty
      className={css.nothing ?? ""}
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={text ?? t("empty")}
    >
      {children}
    </Empty>
  );
}

/** A place the person has no right to, and which right it takes. */
export function NoRight({ permission }: { permission: string }) {
  const { t } = useTranslation("shell");
  const maybe = useMaybe();
  return (
    <Result
      status="403"
      icon={null}
      title={t("noRight")}
      subTitle={t("noRightDetail", { permission: maybe(`rights:${permission}`, permission) })}
    />
  );
}
