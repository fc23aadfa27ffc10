import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes } from "react-router";
import { SessionProvider } from "@/session/session";
import { speak } from "@/words/words";
import "./home.css";
import { SignIn } from "./SignIn";
import { Failed, Loading } from "./states";
import { homeTexts } from "./texts";
import { Welcome } from "./Welcome";

await speak(homeTexts);

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <SessionProvider
      signedOut={<SignIn />}
      loading={<Loading />}
      failed={(failure, retry) => <Failed failure={failure} retry={retry} />}
    >
      <BrowserRouter basename="/home">
        <Routes>
          <Route path="*" element={<Welcome />} />
        </Routes>
      </BrowserRouter>
    </SessionProvider>
  </StrictMode>,
);
