import { useState } from "react";
import { NewPassword } from "./NewPassword";
import { SignIn } from "./SignIn";

/** Before somebody is signed in: with a password, or with the token for a first one. */
export function Entry() {
  const [first, setFirst] = useState(false);
  if (first) return <NewPassword onDone={() => setFirst(false)} />;
  return <SignIn onFirst={() => setFirst(true)} />;
}
