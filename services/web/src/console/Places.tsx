import { Button, Result } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Route, Routes, useLocation, useParams } from "react-router";
import { keep, kept } from "@/kept";
import { useViewer } from "@/session/session";
import { Loading, NoRight } from "./pieces/states";
import { EstateContext, useRights } from "./rights";
import type { Screen } from "./screen";
import { SCREENS } from "./screens";
import { Shell } from "./shell/Shell";

/** Every address of the console. */
export function Places() {
  const lazily = useMemo(() => SCREENS.map(screen => ({ screen, Page: lazy(screen.load) })), []);
  const routes = (of: Screen["of"]) =>
    lazily
      .filter(({ screen }) => screen.of === of)
      .map(({ screen, Page }) => (
        <Route
          key={screen.path}
          path={screen.path}
          element={
            <Guarded needs={screen.needs}>
              <Fresh>
                <Page />
              </Fresh>
            </Guarded>
          }
        />
      ));
  return (
    <Routes>
      <Route index element={<Start />} />
      <Route path="e/:estate" element={<InEstate />}>
        {routes("estate")}
        <Route path="*" element={<NoSuchPlace />} />
      </Route>
      <Route element={<Shell />}>
        {routes("company")}
        <Route path="*" element={<NoSuchPlace />} />
      </Route>
    </Routes>
  );
}

/** The estate worked in last, or the first. */
function Start() {
  const { t } = useTranslation("shell");
  const { estates } = useViewer();
  const last = kept("estate");
  const found = estates.find(({ estate }) => estate.code === last) ?? estates[0];
  if (found) return <Navigate to={`/e/${found.estate.code}`} replace />;
  return (
    <Shell>
      <Result status="info" title={t("noEstate")} />
    </Shell>
  );
}

function InEstate() {
  const { estate: code } = useParams();
  const { estates } = useViewer();
  const estate = estates.find(seen => seen.estate.code === code)?.estate;
  useEffect(() => {
    if (estate) keep("estate", estate.code);
  }, [estate]);
  if (!estate) {
    return (
      <Shell>
        <NoSuchPlace />
      </Shell>
    );
  }
  return (
    <EstateContext value={estate}>
      <Shell />
    </EstateContext>
  );
}

function Guarded({ needs, children }: { needs: string; children: ReactNode }) {
  const may = useRights();
  return may(needs) ? children : <NoRight permission={needs} />;
}

/** Another place is another screen: what the one before showed is never shown for the next. */
function Fresh({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <Suspense key={pathname} fallback={<Loading />}>
      {children}
    </Suspense>
  );
}

function NoSuchPlace() {
  const { t } = useTranslation("shell");
  return (
    <Result
      status="404"
      icon={null}
      title={t("notFound")}
      extra={
        <Link to="/">
          <Button>{t("home")}</Button>
        </Link>
      }
    />
  );
}
