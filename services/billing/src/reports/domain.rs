//! What a month's reports consist of, and the figures that follow from it.

use crate::{charges::BillingMonth, rates::collection_rate};
use money::Fen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is open, by how long it is overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// Not due at the end of the month.
    pub not_due: Fen,
    /// 1 to 30 days overdue.
    pub to_30: Fen,
    /// 31 to 90 days.
    pub to_90: Fen,
    /// 91 to 180 days.
    pub to_180: Fen,
    /// 181 to 365 days.
    pub to_365: Fen,
    /// Longer.
    pub older: Fen,
}

impl Ages {
    /// All of it.
    pub fn sum(self) -> Fen {
        self.not_due + self.overdue()
    }

    /// What is overdue.
    pub fn overdue(self) -> Fen {
        self.to_30 + self.to_90 + self.to_180 + self.to_365 + self.older
    }
}

/// Receivable, received and arrears of one fee item in one building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivableRow {
    /// The fee item.
    pub item: Uuid,
    /// Its code when the report was made.
    pub code: String,
    /// Its Chinese name then.
    pub name_zh: String,
    /// Its English name then.
    pub name_en: String,
    /// The building, where there is one.
    pub building: Option<Uuid>,
    /// Its code then.
    pub building_code: Option<String>,
    /// What was charged for the month.
    pub receivable: Fen,
    /// What of that came in by the end of the month.
    pub received: Fen,
    /// What of that was waived by then; reports that were frozen before count it as received.
    #[serde(default)]
    pub waived: Fen,
    /// What is open at the end of the month, of whatever month.
    pub open: Ages,
    /// What was overdue when the month began.
    pub arrears: Fen,
    /// What of that came in during the month.
    pub recovered: Fen,
}

/// What one kind of entry changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The kind, e.g. `PAYMENT`.
    pub kind: String,
    /// By how much; above zero the balance grew.
    pub amount: Fen,
}

/// From a balance at the beginning of the month to that at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollForward {
    /// At the end of the day before the month.
    pub opening: Fen,
    /// What changed it.
    pub moves: Vec<Move>,
    /// At the end of the month.
    pub closing: Fen,
}

impl RollForward {
    /// What the opening and all changes come to.
    pub fn expected(&self) -> Fen {
        self.opening + self.moves.iter().map(|it| it.amount).sum()
    }
}

/// What an account of income or expense came to in the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevenueRow {
    /// The account's code in the chart.
    pub code: String,
    /// The fee item, where the account is the revenue of one.
    pub item: Option<Uuid>,
    /// The item's code when the report was made.
    pub item_code: Option<String>,
    /// Above zero is income.
    pub amount: Fen,
    /// By kind of entry.
    pub moves: Vec<Move>,
}

/// The reports of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFigures {
    /// The month.
    pub month: BillingMonth,
    /// By fee item and building.
    pub receivables: Vec<ReceivableRow>,
    /// What the books say is owed at the end of the month.
    pub owed_in_books: Fen,
    /// Deposits held.
    pub deposits: RollForward,
    /// Money paid ahead.
    pub prepayments: RollForward,
    /// Income from common parts, which belongs to the owners.
    pub common_income: RollForward,
    /// Income and expense by account, revenue by fee item.
    pub revenue: Vec<RevenueRow>,
}

/// The sums of all rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What was charged for the month.
    pub receivable: Fen,
    /// What of that came in.
    pub received: Fen,
    /// What of that was waived.
    pub waived: Fen,
    /// What is open.
    pub open: Ages,
    /// What was overdue when the month began.
    pub arrears: Fen,
    /// What of that came in during the month.
    pub recovered: Fen,
}

impl Totals {
    /// 收缴率 in basis points; none when nothing was receivable.
    pub fn collection(self) -> Option<i64> {
        collection_rate(self.received, self.receivable)
    }

    /// 清欠率 in basis points; none when there were no arrears.
    pub fn recovery(self) -> Option<i64> {
        collection_rate(self.recovered, self.arrears)
    }
}

impl MonthFigures {
    /// The sums of all rows.
    pub fn totals(&self) -> Totals {
        let mut sum = Totals::default();
        for row in &self.receivables {
            sum.receivable += row.receivable;
            sum.received += row.received;
            sum.waived += row.waived;
            sum.arrears += row.arrears;
            sum.recovered += row.recovered;
            sum.open.not_due += row.open.not_due;
            sum.open.to_30 += row.open.to_30;
            sum.open.to_90 += row.open.to_90;
            sum.open.to_180 += row.open.to_180;
            sum.open.to_365 += row.open.to_365;
            sum.open.older += row.open.older;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(receivable: i64, received: i64, arrears: i64, recovered: i64) -> ReceivableRow {
        ReceivableRow {
            item: Uuid::nil(),
            code: "PROPERTY".to_owned(),
            name_zh: "物业费".to_owned(),
            name_en: "Property fee".to_owned(),
            building: None,
            building_code: None,
            receivable: Fen(receivable),
            received: Fen(received),
            waived: Fen::ZERO,
            open: Ages::default(),
            arrears: Fen(arrears),
            recovered: Fen(recovered),
        }
    }

    fn figures(receivables: Vec<ReceivableRow>) -> MonthFigures {
        MonthFigures {
            month: "2026-06".parse().unwrap(),
            receivables,
            owed_in_books: Fen::ZERO,
            deposits: RollForward::default(),
            prepayments: RollForward::default(),
            common_income: RollForward::default(),
            revenue: Vec::new(),
        }
    }

    #[test]
    fn the_half_year_of_scenario_7_over_several_rows() {
        let rows = vec![
            row(40_000_000, 39_000_000, 4_000_000, 1_800_000),
            row(8_632_000, 7_315_050, 130_020, 24_060),
        ];
        let sum = figures(rows).totals();
        assert_eq!((sum.receivable, sum.received), (Fen(48_632_000), Fen(46_315_050)));
        assert_eq!((sum.arrears, sum.recovered), (Fen(4_130_020), Fen(1_824_060)));
        assert_eq!((sum.collection(), sum.recovery()), (Some(9524), Some(4417)));
        assert_eq!(figures(Vec::new()).totals().collection(), None);
    }

    proptest! {
        #[test]
        fn a_frozen_report_reads_back(amounts in proptest::collection::vec(any::<i32>(), 0..20)) {
            let rows = amounts.iter().map(|n| row((*n).into(), 1, 2, 3)).collect();
            let made = figures(rows);
            let text = serde_json::to_string(&made).unwrap();
            prop_assert_eq!(serde_json::from_str::<MonthFigures>(&text).unwrap(), made);
        }
    }
}
