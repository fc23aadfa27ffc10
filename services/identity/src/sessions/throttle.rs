//! Slowing guesses down, per account and per address. What is counted survives a restart and holds
//! for all replicas.

use super::repo::{charge, forget, refund};
use crate::{IdentityError, app::Outcome, opaque::sha256};
use chrono::Duration;
use db::Db;

/// After how many failures waiting begins, and how long it is at first; it doubles with every
/// further failure up to [`LONGEST`].
#[derive(Clone, Copy, Debug)]
struct Rule {
    free: i32,
    first_wait: i64,
}

const ACCOUNT: Rule = Rule { free: 5, first_wait: 30 };
const ADDRESS: Rule = Rule { free: 20, first_wait: 60 };
/// The longest wait, seconds.
const LONGEST: i64 = 15 * 60;

impl Rule {
    /// How long waiting is after the failures from the `free`th on, seconds; the last holds for
    /// all further ones.
    fn waits(self) -> [i64; 6] {
        [0, 1, 2, 3, 4, 5].map(|doubled| (self.first_wait << doubled).min(LONGEST))
    }
}

/// One attempt. It counts as failed from the start, so that guesses sent at the same time cannot
/// slip through together; [`Attempt::succeeded`] takes that back.
#[must_use = "an attempt counts as failed until it succeeded"]
#[derive(Debug)]
pub struct Attempt<'d> {
    db: &'d Db,
    account: Option<String>,
    address: String,
}

impl<'d> Attempt<'d> {
    /// An attempt at an account, known or not.
    pub async fn begin(db: &'d Db, company: &str, login: &str, origin: &str) -> Outcome<Self> {
        let mut attempt = Self::begin_address(db, origin).await?;
        let account = account_key(company, login);
        count(db, &account, ACCOUNT).await?;
        attempt.account = Some(account);
        Ok(attempt)
    }

    /// An attempt that names no account, e.g. with a one-time code.
    pub async fn begin_address(db: &'d Db, origin: &str) -> Outcome<Self> {
        let address = sha256(format!("address|{origin}").as_bytes());
        count(db, &address, ADDRESS).await?;
        Ok(Self { db, account: None, address })
    }

    /// It was right after all: the account starts afresh, the address gets its attempt back.
    pub async fn succeeded(self) -> Outcome<()> {
        refund(self.db, &self.address).await?;
        if let Some(account) = &self.account {
            forget(self.db, account).await?;
        }
        Ok(())
    }
}

/// Lets an account be tried again at once, e.g. after a reset of its password.
pub async fn forget_account(db: &Db, company: &str, login: &str) -> Outcome<()> {
    Ok(forget(db, &account_key(company, login)).await?)
}

fn account_key(company: &str, login: &str) -> String {
    sha256(format!("account|{company}|{login}").as_bytes())
}

async fn count(db: &Db, key: &str, rule: Rule) -> Outcome<()> {
    let now = db.clock().now();
    let ends = rule.waits().map(|seconds| now + Duration::seconds(seconds));
    charge(db, key, now, rule.free, ends).await?.map_err(|until| {
        let seconds = (until - now).num_seconds().max(1).unsigned_abs();
        IdentityError::TooManyAttempts { seconds }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_ends_at_a_quarter_of_an_hour() {
        assert_eq!(ACCOUNT.waits(), [30, 60, 120, 240, 480, 900]);
        assert_eq!(ADDRESS.waits(), [60, 120, 240, 480, 900, 900]);
    }
}
