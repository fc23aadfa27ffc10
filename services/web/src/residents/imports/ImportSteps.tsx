import { Steps } from "antd";
import { useTranslation } from "react-i18next";
import css from "./imports.module.css";

/** Where in the wizard somebody is. */
export function ImportSteps({ at, failed }: { at: 0 | 1 | 2 | 3; failed?: boolean }) {
  const { t } = useTranslation("imports");
  const steps = ["upload", "check", "import", "done"] as const;
  return (
    <Steps
      className={css.steps ?? ""}
      size="small"
      current={at}
      status={failed ? "error" : "process"}
      items={steps.map(step => ({ title: t(`steps.${step}`) }))}
    />
  );
}
