import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { SessionProvider } from "@/session/session";
import { speak } from "@/words/words";
import "./home.css";
import { Outside, Places } from "./Places";
import { Failed, Loading } from "./pieces/states";
import { homeTexts } from "./texts";

await speak(homeTexts);
// Until a screen names itself.
document.title = i18next.t("frame:app");

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <BrowserRouter basename="/home">
      <SessionProvider
        signedOut={<Outside />}
        loading={<Loading />}
        failed={(failure, retry) => <Failed failure={failure} retry={retry} />}
      >
        <Places />
      </SessionProvider>
    </BrowserRouter>
  </StrictMode>,
);
