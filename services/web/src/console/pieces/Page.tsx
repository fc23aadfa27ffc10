import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import css from "./Page.module.css";

type Props = {
  title: string;
  /** What is said about the title, e.g. a status. */
  tag?: ReactNode;
  /** The acts of the screen, at the right. */
  acts?: ReactNode;
  /** The way back to the list above. */
  above?: ReactNode;
  children: ReactNode;
};

/** A screen with its title, also that of the browser's tab. */
export function Page({ title, tag, acts, above, children }: Props) {
  const { t } = useTranslation("session");
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
  return (
    <>
      {above && <div className={css.above}>{above}</div>}
      <div className={css.head}>
        <h1 className={css.title}>{title}</h1>
        {tag}
        <div className={css.acts}>{acts}</div>
      </div>
      {children}
    </>
  );
}

/** A titled part of a screen. */
export function Panel({
  title,
  acts,
  flush,
  children,
}: {
  title?: string;
  acts?: ReactNode;
  /** The content brings its own padding, e.g. a table. */
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={css.panel}>
      {(title || acts) && (
        <div className={css.panelHead}>
          {title && <h2 className={css.panelTitle}>{title}</h2>}
          <div className={css.acts}>{acts}</div>
        </div>
      )}
      <div className={flush ? css.flush : css.body}>{children}</div>
    </section>
  );
}
