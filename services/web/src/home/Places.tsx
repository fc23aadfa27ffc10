import { Navigate, Route, Routes } from "react-router";
import { useViewer } from "@/session/session";
import { BillPage } from "./bills/BillPage";
import { BillsPage } from "./bills/BillsPage";
import { Join } from "./entry/Join";
import { NotForStaff } from "./entry/NotForStaff";
import { SignIn } from "./entry/SignIn";
import { Welcome } from "./entry/Welcome";
import { Frame } from "./frame/Frame";
import { MePage } from "./me/MePage";
import { OwedPage } from "./owed/OwedPage";
import { HistoryPage } from "./payments/HistoryPage";
import { PaymentPage, Returned } from "./payments/PaymentPage";

/** The places of somebody who is not signed in; every other address waits behind the sign-in. */
export function Outside() {
  return (
    <Routes>
      <Route path="/join" element={<Join />} />
      <Route path="*" element={<SignIn />} />
    </Routes>
  );
}

/** The places of a signed-in resident. */
export function Places() {
  const { kind } = useViewer();
  if (kind !== "RESIDENT") return <NotForStaff />;
  return (
    <Routes>
      <Route path="/join" element={<Join />} />
      <Route path="/welcome" element={<Welcome />} />
      <Route path="/paid" element={<Returned />} />
      <Route element={<Frame />}>
        <Route index element={<OwedPage />} />
        <Route path="/bills" element={<BillsPage />} />
        <Route path="/bills/:bill" element={<BillPage />} />
        <Route path="/history" element={<HistoryPage />} />
        <Route path="/payments/:payment" element={<PaymentPage />} />
        <Route path="/me" element={<MePage />} />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Route>
    </Routes>
  );
}
