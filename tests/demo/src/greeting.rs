//! What is said when everything is there.

use crate::{PASSWORD, STAFF};
use std::time::Duration;

/// The phone number with which the owner of 3-1-1201 signs in.
pub(crate) const RESIDENT: &str = "19912043102";

/// Where to go, how to sign in and what to try.
pub fn greeting(url: &str, took: Duration) -> String {
    let staff = STAFF.map(|(login, name, role, _)| format!("  {login:<12}{name} {role}"));
    format!(
        "\nCommonhold runs on {url}  (ready after {seconds:.1} s, Ctrl-C ends it)\n\n\
         Sign in with company `cuihu` (or `anju`, to see that it sees nothing of the other), password `{PASSWORD}`:\n\
         {staff}\n  {RESIDENT} the owner of 3-1-1201 (`cuihu` only)\n\n\
         Three things to try in {url}/graphql (the README has them ready to copy):\n\
         1. as finance: preview the bills of a month, with the arithmetic of any unit\n\
         2. as cashier: find a household by `1201`, take a payment, see the receipt\n\
         3. as the owner: pay the bill of 3-1-1201 online, on the page of the built-in fake Stripe\n",
        seconds = took.as_secs_f64(),
        staff = staff.join("\n"),
    )
}
