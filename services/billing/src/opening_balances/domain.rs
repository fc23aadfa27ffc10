//! What a row of opening balances says and what it means.

use super::problem::Problem;
use crate::{
    accounts::Debtor,
    charges::{BillingMonth, Quantity},
    ids::{BillingAccountId, FeeItemId, MeterId, PersonId, UnitId},
    meters::{
        LastReading, Metered,
        domain::{Reading, ReadingSource},
    },
};
use chrono::NaiveDate;
use money::Fen;
use std::collections::HashMap;

/// What is brought in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpeningKind {
    /// A debt of one fee item and month.
    Arrears,
    /// Money paid ahead of any bill.
    Prepayment,
    /// A deposit held.
    Deposit,
    /// What a meter showed last; no money.
    MeterReading,
}

/// How far opening balances have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpeningState {
    /// Rows can be added; nothing is posted.
    Draft,
    /// Posted as a whole.
    Posted,
    /// What was posted is reversed.
    Reversed,
    /// Given up before it was posted.
    Withdrawn,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowState {
    /// It will be posted.
    New,
    /// It cannot be; nothing is posted as long as there is one.
    Wrong,
    /// The same was posted before; it is left out.
    Known,
    /// It is posted.
    Posted,
    /// Its posting is reversed.
    Reversed,
}

/// A row as it was given.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Given {
    /// What is brought in.
    pub kind: OpeningKind,
    /// Whose account, where the account is known.
    pub account: Option<BillingAccountId>,
    /// Otherwise the unit by its label, e.g. `3-1-1201`.
    pub unit: Option<String>,
    /// And who pays for it, where several people do.
    pub payer: Option<String>,
    /// The code of the fee item that arrears are of.
    pub item: Option<String>,
    /// The month that arrears are of, e.g. `2026-03`.
    pub month: Option<String>,
    /// The last day on which arrears could be paid without being late.
    pub due: Option<NaiveDate>,
    /// How much; nothing of a reading.
    pub amount: Fen,
    /// What a deposit is for, in words.
    pub note: Option<String>,
    /// The number on the meter that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter: Option<String>,
    /// What it showed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<Quantity>,
    /// On which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_on: Option<NaiveDate>,
}

/// What there is in the estate, as far as rows name it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Units by label.
    pub units: HashMap<String, UnitId>,
    /// Who pays or paid for each unit, by name; the last entry is the latest.
    pub payers: HashMap<UnitId, Vec<Paying>>,
    /// Fee items by code.
    pub items: HashMap<String, FeeItemId>,
    /// Accounts of the estate.
    pub accounts: HashMap<BillingAccountId, Debtor>,
    /// Meters by their number.
    pub meters: HashMap<String, Vec<Metered>>,
}

/// Somebody who pays for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paying {
    /// Who.
    pub person: PersonId,
    /// Under which name.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// What a right row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Somebody owes a fee item of a month, due on a day.
    Arrears(Debtor, FeeItemId, BillingMonth, NaiveDate),
    /// Somebody paid ahead.
    Prepayment(Debtor),
    /// Somebody left a deposit.
    Deposit(Debtor),
    /// A meter was read.
    Reading(LastReading),
}

impl Meaning {
    /// Who owes or is owed; nobody where a meter was read.
    pub fn debtor(&self) -> Option<Debtor> {
        match *self {
            Self::Arrears(debtor, ..) | Self::Prepayment(debtor) | Self::Deposit(debtor) => {
                Some(debtor)
            }
            Self::Reading(_) => None,
        }
    }

    /// The fee item that is owed.
    pub fn item(&self) -> Option<FeeItemId> {
        match *self {
            Self::Arrears(_, item, ..) => Some(item),
            _ => None,
        }
    }

    /// The meter that was read.
    pub fn meter(&self) -> Option<MeterId> {
        match *self {
            Self::Reading(last) => Some(last.meter),
            _ => None,
        }
    }
}

impl Given {
    /// What the row means in an estate whose charges begin with `cut_over`.
    pub fn meaning(&self, known: &Known, cut_over: BillingMonth) -> Result<Meaning, Problem> {
        if self.kind == OpeningKind::MeterReading {
            return self.last_reading(known, cut_over).map(Meaning::Reading);
        }
        if !self.amount.is_positive() {
            return Err(Problem::Amount);
        }
        let debtor = self.debtor(known, cut_over)?;
        match self.kind {
            OpeningKind::Arrears => {
                let (item, month, due) = self.arrears(known, cut_over)?;
                Ok(Meaning::Arrears(debtor, item, month, due))
            }
            OpeningKind::Deposit => {
                let length = self.note.as_deref().map_or(0, |note| note.trim().chars().count());
                let fits = (1..=100).contains(&length);
                fits.then_some(Meaning::Deposit(debtor)).ok_or(Problem::DepositKind)
            }
            _ => Ok(Meaning::Prepayment(debtor)),
        }
    }

    fn last_reading(&self, known: &Known, cut_over: BillingMonth) -> Result<LastReading, Problem> {
        if !self.amount.is_zero() {
            return Err(Problem::ReadingAmount);
        }
        let unit = match self.unit.as_deref() {
            Some(label) => Some(*known.units.get(label.trim()).ok_or(Problem::Unit)?),
            None => None,
        };
        let number = self.meter.as_deref().map(str::trim).unwrap_or_default();
        let here = |it: &&Metered| unit.is_none_or(|unit| it.meter.place == Some(unit));
        let of_number = known.meters.get(number).map(Vec::as_slice).unwrap_or_default();
        let metered = match of_number.iter().filter(here).collect::<Vec<_>>()[..] {
            [] => return Err(Problem::Meter),
            [one] => one,
            _ => return Err(Problem::SeveralMeters),
        };
        let value = self.reading.ok_or(Problem::Reading)?;
        let before = |day: &NaiveDate| *day < cut_over.first();
        let day = self.read_on.filter(before).ok_or(Problem::ReadingDay)?;
        // What was brought in before is not read again: whether it says the same is told by its key.
        let brought = |it: &Reading| it.day == day && it.source == ReadingSource::Opening;
        if !metered.readings.iter().any(brought) {
            metered.can_show(day, value)?;
        }
        Ok(LastReading { meter: metered.meter.id, day, value })
    }

    fn debtor(&self, known: &Known, cut_over: BillingMonth) -> Result<Debtor, Problem> {
        if let Some(account) = self.account {
            return known.accounts.get(&account).copied().ok_or(Problem::Account);
        }
        let label = self.unit.as_deref().ok_or(Problem::NoDebtor)?;
        let unit = *known.units.get(label.trim()).ok_or(Problem::Unit)?;
        let all = known.payers.get(&unit).map(Vec::as_slice).unwrap_or_default();
        let last = cut_over.first().pred_opt().unwrap_or_default();
        let name = self.payer.as_deref().map(str::trim);
        let fits = |it: &&Paying| match name {
            Some(name) => it.name == name,
            None => it.from <= last && it.to.is_none_or(|to| to >= last),
        };
        let mut fitting: Vec<PersonId> = all.iter().filter(fits).map(|it| it.person).collect();
        fitting.sort_unstable();
        fitting.dedup();
        match fitting[..] {
            [] => Err(Problem::Payer),
            [party] => Ok(Debtor { party, unit: Some(unit) }),
            _ => Err(Problem::SeveralPayers),
        }
    }

    fn arrears(
        &self,
        known: &Known,
        cut_over: BillingMonth,
    ) -> Result<(FeeItemId, BillingMonth, NaiveDate), Problem> {
        let code = self.item.as_deref().map(str::trim).unwrap_or_default();
        let item = *known.items.get(code).ok_or(Problem::Item)?;
        let month = self.month.as_deref().and_then(|month| month.trim().parse().ok());
        let month: BillingMonth = month.ok_or(Problem::Month)?;
        if month >= cut_over {
            return Err(Problem::MonthTooLate);
        }
        let due = self.due.filter(|due| *due >= month.first()).ok_or(Problem::Due)?;
        Ok((item, month, due))
    }

    /// What the row is about: of one key only one row can stand in an estate.
    pub fn key(&self, meaning: &Meaning) -> String {
        let of = |kind: &str, Debtor { party, unit }: Debtor, more: &str| {
            let unit = unit.map_or_else(|| "-".to_owned(), |unit| unit.to_string());
            format!("{kind}/{party}/{unit}/{more}")
        };
        match *meaning {
            Meaning::Arrears(debtor, item, month, _) => {
                of("arrears", debtor, &format!("{item}/{month}"))
            }
            Meaning::Prepayment(debtor) => of("prepayment", debtor, ""),
            Meaning::Deposit(debtor) => {
                of("deposit", debtor, self.note.as_deref().unwrap_or_default().trim())
            }
            Meaning::Reading(last) => format!("reading/{}", last.meter),
        }
    }

    /// What stands in a field, as the graph names it.
    pub fn shown(&self, field: &str) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let found = match field {
            "accountId" => self.account.map(|account| account.to_string()),
            "unitLabel" => self.unit.clone(),
            "payerName" => self.payer.clone(),
            "itemCode" => self.item.clone(),
            "month" => self.month.clone(),
            "due" => day(self.due),
            "amount" => Some(self.amount.to_string()),
            "note" => self.note.clone(),
            "meterNumber" => self.meter.clone(),
            "reading" => self.reading.map(|reading| reading.to_string()),
            "readOn" => day(self.read_on),
            _ => None,
        };
        found.unwrap_or_default()
    }

    /// What must be the same for a row of the same key to say the same.
    pub const fn said(&self) -> (Fen, Option<Quantity>, Option<NaiveDate>) {
        (self.amount, self.reading, self.read_on)
    }
}

/// What the rows of one kind come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Total {
    /// What is brought in.
    pub kind: OpeningKind,
    /// How many rows.
    pub count: i64,
    /// What they add up to.
    pub sum: Fen,
}

/// Whether the totals somebody typed are those of the rows; the order does not matter, and a kind
/// of which there is nothing may be left out.
pub fn totals_agree(typed: &[Total], rows: &[Total]) -> bool {
    let tidy = |totals: &[Total]| {
        let mut all: Vec<_> =
            totals.iter().filter(|it| it.count != 0 || !it.sum.is_zero()).collect();
        all.sort_by_key(|total| total.kind);
        all.into_iter().map(|it| (it.kind, it.count, it.sum)).collect::<Vec<_>>()
    };
    tidy(typed) == tidy(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn paying(n: u128, name: &str, from: &str, to: Option<&str>) -> Paying {
        let person = PersonId::from_uuid(id(n));
        Paying { person, name: name.to_owned(), from: day(from), to: to.map(day) }
    }

    fn known() -> Known {
        let unit = UnitId::from_uuid(id(1));
        let payers = vec![
            paying(2, "翠湖置业", "2026-01-01", Some("2026-06-10")),
            paying(3, "王芳", "2026-06-11", None),
        ];
        let account = BillingAccountId::from_uuid(id(5));
        let debtor = Debtor { party: PersonId::from_uuid(id(3)), unit: None };
        Known {
            units: HashMap::from([("3-1-1201".to_owned(), unit)]),
            payers: HashMap::from([(unit, payers)]),
            items: HashMap::from([("PROPERTY".to_owned(), FeeItemId::from_uuid(id(4)))]),
            accounts: HashMap::from([(account, debtor)]),
            meters: HashMap::new(),
        }
    }

    fn given() -> Given {
        Given {
            kind: OpeningKind::Arrears,
            account: None,
            unit: Some(" 3-1-1201 ".to_owned()),
            payer: None,
            item: Some("PROPERTY".to_owned()),
            month: Some("2026-03".to_owned()),
            due: Some(day("2026-03-15")),
            amount: Fen(27_862),
            note: None,
            meter: None,
            reading: None,
            read_on: None,
        }
    }

    fn means(given: &Given) -> Result<Meaning, Problem> {
        given.meaning(&known(), "2026-07".parse().unwrap())
    }

    #[test]
    fn the_payer_of_the_last_day_before_the_cut_over_is_meant_unless_one_is_named() {
        let party = |given: &Given| means(given).unwrap().debtor().unwrap().party.as_uuid();
        assert_eq!(party(&given()), id(3));
        assert_eq!(party(&Given { payer: Some("翠湖置业".to_owned()), ..given() }), id(2));
        let by_account = Given { account: Some(BillingAccountId::from_uuid(id(5))), ..given() };
        assert_eq!(means(&by_account).unwrap().debtor().unwrap().unit, None);
    }

    #[test]
    fn every_wrong_row_is_named() {
        let text = |text: &str| Some(text.to_owned());
        let deposit = Given { kind: OpeningKind::Deposit, ..given() };
        for (wrong, problem) in [
            (Given { amount: Fen(0), ..given() }, Problem::Amount),
            (Given { unit: None, ..given() }, Problem::NoDebtor),
            (Given { unit: text("9-9-9999"), ..given() }, Problem::Unit),
            (Given { payer: text("李强"), ..given() }, Problem::Payer),
            (Given { item: text("WATER"), ..given() }, Problem::Item),
            (Given { item: None, ..given() }, Problem::Item),
            (Given { month: text("March"), ..given() }, Problem::Month),
            (Given { month: text("2026-07"), ..given() }, Problem::MonthTooLate),
            (Given { due: None, ..given() }, Problem::Due),
            (Given { due: Some(day("2026-02-28")), ..given() }, Problem::Due),
            (deposit, Problem::DepositKind),
        ] {
            assert_eq!(means(&wrong), Err(problem), "{wrong:?}");
        }
        let mut two = known();
        let unit = UnitId::from_uuid(id(1));
        two.payers.get_mut(&unit).unwrap().push(paying(9, "李强", "2026-01-01", None));
        let cut_over = "2026-07".parse().unwrap();
        assert_eq!(given().meaning(&two, cut_over), Err(Problem::SeveralPayers));
    }

    #[test]
    fn totals_are_compared_by_kind_count_and_sum() {
        let total = |kind, count, sum| Total { kind, count, sum: Fen(sum) };
        let rows = [total(OpeningKind::Deposit, 1, 5), total(OpeningKind::Arrears, 2, 7)];
        let typed = [rows[1], rows[0], total(OpeningKind::Prepayment, 0, 0)];
        assert!(totals_agree(&typed, &rows));
        assert!(!totals_agree(&rows[..1], &rows));
        assert!(!totals_agree(&[rows[0], total(OpeningKind::Arrears, 3, 7)], &rows));
        assert!(!totals_agree(&[rows[0], total(OpeningKind::Arrears, 2, 8)], &rows));
    }

    proptest! {
        #[test]
        fn rows_about_the_same_have_one_key_whatever_their_amount(
            amount in 1_i64..1_000_000, month in 1_u32..7, other in 1_u32..7,
        ) {
            let of = |month: u32, amount: i64| {
                let month = format!("2026-{month:02}");
                let due = Some(day("2026-06-30"));
                let given = Given { month: Some(month), due, amount: Fen(amount), ..given() };
                given.key(&means(&given).unwrap())
            };
            prop_assert_eq!(of(month, amount), of(month, 1));
            prop_assert_eq!(of(month, 1) == of(other, 1), month == other);
        }
    }
}
