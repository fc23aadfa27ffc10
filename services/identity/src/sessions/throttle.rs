//! Slowing guesses down, per account and per address. What is counted survives a restart and holds
//! for all replicas.

use super::repo::{block, charge, forget, refund};
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
    /// How long the next attempt waits after so many failures, seconds.
    fn wait(self, failures: i32) -> Option<i64> {
        let over = u32::try_from(failures - self.free).ok()?;
        Some((self.first_wait << over.min(10)).min(LONGEST))
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
    match charge(db, key, now).await? {
        Ok(failures) => {
            if let Some(wait) = rule.wait(failures) {
                block(db, key, now + Duration::seconds(wait)).await?;
            }
            Ok(())
        }
        Err(until) => {
            let seconds = (until - now).num_seconds().max(1).unsigned_abs();
            Err(IdentityError::TooManyAttempts { seconds })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_begins_late_doubles_and_ends_at_a_quarter_of_an_hour() {
        let waits: Vec<_> = (4..=12).map(|failures| ACCOUNT.wait(failures)).collect();
        let expected =
            [None, Some(30), Some(60), Some(120), Some(240), Some(480), Some(900), Some(900)];
        assert_eq!(waits[..8], expected);
        assert_eq!(ADDRESS.wait(19), None);
        assert_eq!(ADDRESS.wait(i32::MAX), Some(900));
    }
}
