import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigationType } from "react-router";
import { Icon } from "./icons";
import css from "./pieces.module.css";

type Props = {
  title: string;
  /** What is said about the title, e.g. a status. */
  tag?: ReactNode;
  /** The place above and its name. */
  above?: { to: string; name: string };
  children: ReactNode;
};

/** A screen with its title, also that of the browser's tab. Who comes by a link begins there. */
export function Page({ title, tag, above, children }: Props) {
  const { t } = useTranslation("frame");
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const isBack = useNavigationType() === "POP";
  useEffect(() => {
    document.title = `${title} · ${t("app")}`;
  }, [title, t]);
  useEffect(() => {
    if (isBack || key === "default") return;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [isBack, key]);
  return (
    <>
      {above && (
        <Link to={above.to} className={`${css.back} no-print`}>
          <Icon of="back" size={20} />
          {above.name}
        </Link>
      )}
      <div className={css.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {tag}
      </div>
      {children}
    </>
  );
}
