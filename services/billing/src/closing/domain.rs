//! The states of a month: open, closing, closed, and open again.

use crate::{charges::BillingMonth, error::Refused, ids::UserId, say};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use errors::{Code, Coded};
use ids::EstateId;
use texts::Text;

/// How far a month is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MonthState {
    /// Entries can be dated in it.
    Open,
    /// Somebody works through the checklist; entries can still be dated in it.
    Closing,
    /// No entry can be dated in it; its reports are frozen.
    Closed,
}

/// A wish that a closed month be opened again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// Who asked.
    pub requested_by: UserId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Who agreed and when; nobody yet while the month is closed.
    pub confirmed: Option<(UserId, DateTime<Utc>)>,
}

/// One month of an estate's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookMonth {
    /// Whose books.
    pub estate: EstateId,
    /// The month.
    pub month: BillingMonth,
    /// How far it is.
    pub state: MonthState,
    /// How often it was closed; also the version of its frozen reports.
    pub version: i32,
    /// Who began to close it, and when.
    pub started: Option<(UserId, DateTime<Utc>)>,
    /// Who closed it last, and when.
    pub closed: Option<(UserId, DateTime<Utc>)>,
    /// The reopening that is asked for or was made since it was closed last.
    pub reopening: Option<Reopening>,
}

/// Why a month cannot be closed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClosingError {
    /// Its last day is not over in the estate.
    #[error("the month {0} is not over")]
    NotOver(BillingMonth),
    /// An earlier month is open.
    #[error("the month {0} must be closed first")]
    EarlierOpen(BillingMonth),
    /// A later month is closed.
    #[error("the later month {0} must be opened first")]
    LaterClosed(BillingMonth),
    /// It is closed.
    #[error("the month {0} is closed")]
    Closed(BillingMonth),
    /// It is not closed.
    #[error("the month {0} is not closed")]
    NotClosed(BillingMonth),
    /// Nobody has begun to close it.
    #[error("the closing of {0} was not begun")]
    NotStarted(BillingMonth),
    /// The checklist has open items.
    #[error("{0} items of the checklist are open")]
    Unfinished(i64),
    /// A reopening is asked for already.
    #[error("a reopening is asked for already")]
    AskedAlready,
    /// Nobody has asked for a reopening.
    #[error("nobody has asked for a reopening")]
    NotAsked,
}

impl Coded for ClosingError {
    fn code(&self) -> Code {
        Code::Conflict
    }
    fn text(&self) -> Text {
        match self {
            Self::NotOver(month) => say::month_not_over(month.to_string()),
            Self::EarlierOpen(month) => say::close_earlier_first(month.to_string()),
            Self::LaterClosed(month) => say::open_later_first(month.to_string()),
            Self::Closed(month) => say::month_is_closed(month.to_string()),
            Self::NotClosed(month) => say::month_is_not_closed(month.to_string()),
            Self::NotStarted(month) => say::closing_not_begun(month.to_string()),
            Self::Unfinished(items) => say::checklist_unfinished(*items),
            Self::AskedAlready => say::reopening_asked(),
            Self::NotAsked => say::reopening_not_asked(),
        }
    }
}

impl From<ClosingError> for Refused {
    fn from(error: ClosingError) -> Self {
        Self::Conflict(error.text())
    }
}

/// What the books around a month look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The month before is closed, or there is nothing in the books before this month.
    pub earlier_closed: bool,
    /// The latest closed month.
    pub latest_closed: Option<BillingMonth>,
}

impl BookMonth {
    /// A month of which nothing was decided yet.
    pub fn open(estate: EstateId, month: BillingMonth) -> Self {
        Self {
            estate,
            month,
            state: MonthState::Open,
            version: 0,
            started: None,
            closed: None,
            reopening: None,
        }
    }

    /// Begins to close it; `today` is the date in the estate.
    ///
    /// # Errors
    /// [`ClosingError`] when it is not its turn.
    pub fn start(
        &mut self,
        by: UserId,
        at: DateTime<Utc>,
        today: NaiveDate,
        around: Neighbours,
    ) -> Result<(), ClosingError> {
        self.is_due(today, around)?;
        if self.state == MonthState::Open {
            self.state = MonthState::Closing;
            self.started = Some((by, at));
        }
        Ok(())
    }

    /// Closes it when nothing of the checklist is open.
    ///
    /// # Errors
    /// [`ClosingError`] when something is, or it is not its turn.
    pub fn close(
        &mut self,
        by: UserId,
        at: DateTime<Utc>,
        today: NaiveDate,
        around: Neighbours,
        unfinished: i64,
    ) -> Result<(), ClosingError> {
        self.is_due(today, around)?;
        if self.state == MonthState::Open {
            return Err(ClosingError::NotStarted(self.month));
        }
        if unfinished > 0 {
            return Err(ClosingError::Unfinished(unfinished));
        }
        self.state = MonthState::Closed;
        self.version += 1;
        self.closed = Some((by, at));
        self.reopening = None;
        Ok(())
    }

    fn is_due(&self, today: NaiveDate, around: Neighbours) -> Result<(), ClosingError> {
        if self.state == MonthState::Closed {
            return Err(ClosingError::Closed(self.month));
        }
        if today <= self.month.last() {
            return Err(ClosingError::NotOver(self.month));
        }
        if !around.earlier_closed {
            return Err(ClosingError::EarlierOpen(before(self.month)));
        }
        Ok(())
    }

    /// Asks that it be opened again.
    ///
    /// # Errors
    /// [`ClosingError`] when it is not the latest closed month, or somebody asked already.
    pub fn ask_reopening(
        &mut self,
        by: UserId,
        at: DateTime<Utc>,
        reason: &str,
        around: Neighbours,
    ) -> Result<(), ClosingError> {
        self.is_latest_closed(around)?;
        if self.reopening.is_some() {
            return Err(ClosingError::AskedAlready);
        }
        self.reopening = Some(Reopening {
            requested_by: by,
            requested_at: at,
            reason: reason.to_owned(),
            confirmed: None,
        });
        Ok(())
    }

    /// Opens it again, which takes another person than who asked.
    ///
    /// # Errors
    /// [`ReopenError`].
    pub fn reopen(
        &mut self,
        by: UserId,
        at: DateTime<Utc>,
        around: Neighbours,
    ) -> Result<(), ReopenError> {
        self.is_latest_closed(around)?;
        let Some(asked) = &mut self.reopening else { return Err(ClosingError::NotAsked.into()) };
        if asked.requested_by == by {
            return Err(Denied::SamePerson(say::reopener_is_other()).into());
        }
        asked.confirmed = Some((by, at));
        self.state = MonthState::Open;
        self.started = None;
        Ok(())
    }

    fn is_latest_closed(&self, around: Neighbours) -> Result<(), ClosingError> {
        if self.state != MonthState::Closed {
            return Err(ClosingError::NotClosed(self.month));
        }
        match around.latest_closed.filter(|latest| *latest > self.month) {
            Some(later) => Err(ClosingError::LaterClosed(later)),
            None => Ok(()),
        }
    }
}

/// Why a month cannot be opened again.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReopenError {
    /// Its state does not allow it.
    #[error(transparent)]
    State(#[from] ClosingError),
    /// Both persons are one.
    #[error(transparent)]
    Denied(#[from] Denied),
}

/// The month before; the first that there is has none and stays.
pub fn before(month: BillingMonth) -> BillingMonth {
    month.first().pred_opt().and_then(|day| BillingMonth::of(day).ok()).unwrap_or(month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const TURN: Neighbours = Neighbours { earlier_closed: true, latest_closed: None };

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    fn at() -> DateTime<Utc> {
        "2026-08-01T04:00:00Z".parse().unwrap()
    }

    fn july() -> BookMonth {
        BookMonth::open(EstateId::from_uuid(Uuid::from_u128(9)), "2026-07".parse().unwrap())
    }

    fn closed() -> BookMonth {
        let mut month = july();
        let today = "2026-08-01".parse().unwrap();
        month.start(user(1), at(), today, TURN).unwrap();
        month.close(user(1), at(), today, TURN, 0).unwrap();
        month
    }

    #[test]
    fn a_month_is_closed_only_when_it_is_over_and_in_its_turn() {
        let month = july().month;
        let last = "2026-07-31".parse().unwrap();
        let refused = july().start(user(1), at(), last, TURN);
        assert_eq!(refused, Err(ClosingError::NotOver(month)));
        let today = "2026-08-01".parse().unwrap();
        let around = Neighbours::default();
        let refused = july().start(user(1), at(), today, around);
        assert_eq!(refused, Err(ClosingError::EarlierOpen("2026-06".parse().unwrap())));
        let refused = july().close(user(1), at(), today, TURN, 0);
        assert_eq!(refused, Err(ClosingError::NotStarted(month)));
        let mut started = july();
        started.start(user(1), at(), today, TURN).unwrap();
        let refused = started.close(user(1), at(), today, TURN, 2);
        assert_eq!(refused, Err(ClosingError::Unfinished(2)));
        assert_eq!(closed().version, 1);
        assert_eq!(closed().start(user(1), at(), today, TURN), Err(ClosingError::Closed(month)));
    }

    #[test]
    fn opening_again_takes_two_persons_and_the_latest_month() {
        let mut month = closed();
        assert_eq!(month.reopen(user(2), at(), TURN), Err(ClosingError::NotAsked.into()));
        let later = Neighbours { latest_closed: "2026-08".parse().ok(), ..TURN };
        let refused = month.ask_reopening(user(1), at(), "x", later);
        assert!(matches!(refused, Err(ClosingError::LaterClosed(_))));
        month.ask_reopening(user(1), at(), "x", TURN).unwrap();
        let twice = month.ask_reopening(user(3), at(), "x", TURN);
        assert_eq!(twice, Err(ClosingError::AskedAlready));
        assert!(matches!(month.reopen(user(1), at(), TURN), Err(ReopenError::Denied(_))));
        month.reopen(user(2), at(), TURN).unwrap();
        assert_eq!((month.state, month.version), (MonthState::Open, 1));
        let today = "2026-08-02".parse().unwrap();
        month.start(user(2), at(), today, TURN).unwrap();
        month.close(user(2), at(), today, TURN, 0).unwrap();
        assert_eq!((month.version, month.reopening), (2, None));
    }
}
