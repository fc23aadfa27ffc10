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
         Three things to try there:\n\
         1. as cashier: press /, type 1201, choose a household; P takes a payment, then its receipt\n\
         2. as finance: Bill runs, New: the totals of a month with the arithmetic of any unit\n\
         3. on a phone, at {url}/home, as the owner: pay 3-1-1201's bill on the built-in fake Stripe\n\
         The API is at {url}/graphql; the README has queries ready to copy.\n",
        seconds = took.as_secs_f64(),
        staff = staff.join("\n"),
    )
}
