import { StyleProvider } from "@ant-design/cssinjs";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { SessionProvider } from "@/session/session";
import { speak, useLanguage } from "@/words/words";
import { Entry } from "./Entry";
import { Places } from "./Places";
import { Failed, Loading } from "./pieces/states";
import { consoleTexts } from "./texts";
import { theme } from "./theme";
import "./console.css";

await speak(consoleTexts);

function Console() {
  const language = useLanguage();
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
  return (
    <StyleProvider layer>
      <ConfigProvider
        locale={language === "zh" ? zhCN : enUS}
        theme={theme}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <AntApp>
          <SessionProvider
            signedOut={<Entry />}
            loading={<Loading />}
            failed={(failure, retry) => <Failed failure={failure} retry={retry} />}
          >
            <BrowserRouter>
              <Places />
            </BrowserRouter>
          </SessionProvider>
        </AntApp>
      </ConfigProvider>
    </StyleProvider>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
