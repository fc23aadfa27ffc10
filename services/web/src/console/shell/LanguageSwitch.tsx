import { GlobalOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { LANGUAGES, type Language } from "@/words/language";
import { changeLanguage, useLanguage } from "@/words/words";

/** The other language, by its own name. */
export function LanguageSwitch() {
  const other: Language = useLanguage() === "zh" ? "en" : "zh";
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      lang={other}
      onClick={() => changeLanguage(other)}
    >
      {LANGUAGES[other]}
    </Button>
  );
}
