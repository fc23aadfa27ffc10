//! Tax of a line, what may be invoiced, and the life of an invoice.

use crate::{
    fees::FeeKind,
    ids::{BillId, BillingAccountId, ChargeId, FeeItemId, InvoiceId, TaxClassId, UserId},
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use errors::{Code, Coded};
use ids::EstateId;
use money::{Currency, Fen, Rate, round_half_up};
use std::collections::HashMap;
use texts::Text;

/// What of a gross amount is net and what is tax: prices include tax.
///
/// Net = gross / (1 + rate), rounded half up once; the tax is what remains, so that nothing is lost.
pub(crate) fn split(gross: Fen, rate: Rate) -> (Fen, Fen) {
    const WHOLE: i128 = 1_000_000;
    let net = Fen(round_half_up(i128::from(gross.0) * WHOLE, WHOLE + i128::from(rate.0)));
    (net, gross - net)
}

/// How a fee item is taxed from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaxClass {
    pub id: TaxClassId,
    pub estate: EstateId,
    pub item: FeeItemId,
    /// The first day.
    pub from: NaiveDate,
    /// Millionths: 6 % is 0.06.
    pub rate: Rate,
    /// 商品和服务税收分类编码, 19 digits.
    pub code: String,
    /// What the invoice calls it, e.g. `*物业管理服务*物业费`.
    pub name: String,
    pub set_by: UserId,
    pub set_at: DateTime<Utc>,
}

/// The class that holds on a day for each item, out of all versions.
pub(crate) fn in_force(classes: Vec<TaxClass>, today: NaiveDate) -> HashMap<FeeItemId, TaxClass> {
    let mut found: HashMap<FeeItemId, TaxClass> = HashMap::new();
    for class in classes.into_iter().filter(|class| class.from <= today) {
        let later = found.get(&class.item).is_none_or(|known| known.from < class.from);
        if later {
            found.insert(class.item, class);
        }
    }
    found
}

/// A line of a bill that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charged {
    /// `None`: the late fee of the bill.
    pub charge: Option<ChargeId>,
    pub bill: BillId,
    pub item: FeeItemId,
    pub kind: FeeKind,
    /// What it is for, e.g. the fee item's name and days.
    pub text: String,
    /// What was charged.
    pub whole: Fen,
    /// What of it is to be invoiced: what was paid and is on no invoice.
    pub amount: Fen,
}

/// What came in of each line of a bill, in their order: money meets the first lines first, what was
/// waived is the rest. Together never more than `money`.
pub(crate) fn received(charged: &[Fen], money: Fen) -> Vec<Fen> {
    let mut left = money;
    let part = |amount: &Fen| {
        let part = (*amount).min(left).max(Fen::ZERO);
        left -= part;
        part
    };
    charged.iter().map(part).collect()
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvoiceLine {
    /// `None`: the late fee of the bill.
    pub charge: Option<ChargeId>,
    pub bill: BillId,
    pub item: FeeItemId,
    pub text: String,
    pub class_name: String,
    pub code: String,
    pub rate: Rate,
    pub gross: Fen,
    pub net: Fen,
    pub tax: Fen,
}

impl InvoiceLine {
    /// The line that undoes it.
    pub fn reversed(&self) -> Self {
        Self { gross: -self.gross, net: -self.net, tax: -self.tax, ..self.clone() }
    }
}

/// Why something is not invoiced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// A line has no tax class.
    #[error("{0} has no tax class")]
    NoClass(String),
    /// A late fee has no main item beside it.
    #[error("a late fee has no main item on the invoice")]
    NoMainItem,
    /// Nothing is left to invoice.
    #[error("there is nothing to invoice")]
    Nothing,
}

impl Coded for InvoiceError {
    fn code(&self) -> Code {
        Code::Conflict
    }
    fn text(&self) -> Text {
        match self {
            Self::NoClass(item) => say::invoice_no_class(item.clone()),
            Self::NoMainItem => say::invoice_no_main_item(),
            Self::Nothing => say::invoice_nothing(),
        }
    }
}

/// The lines of an invoice: of each what is to be invoiced. A late fee takes the class of the main item of its bill, or else of the
/// whole request: the one charged most.
pub(crate) fn lines(
    charged: &[Charged],
    classes: &HashMap<FeeItemId, TaxClass>,
) -> Result<Vec<InvoiceLine>, InvoiceError> {
    let main = |bill: Option<BillId>| {
        let mut sums: Vec<(FeeItemId, Fen)> = Vec::new();
        let principal = charged.iter().filter(|line| line.kind != FeeKind::LateFee);
        for line in principal.filter(|line| bill.is_none_or(|bill| line.bill == bill)) {
            match sums.iter_mut().find(|(item, _)| *item == line.item) {
                Some((_, sum)) => *sum += line.whole,
                None => sums.push((line.item, line.whole)),
            }
        }
        sums.into_iter()
            .max_by_key(|(item, sum)| (*sum, std::cmp::Reverse(*item)))
            .map(|(item, _)| item)
    };
    let line = |line: &Charged| {
        let follows = match line.kind {
            FeeKind::LateFee => {
                main(Some(line.bill)).or_else(|| main(None)).ok_or(InvoiceError::NoMainItem)?
            }
            _ => line.item,
        };
        let class = classes.get(&follows);
        let class = class.ok_or_else(|| InvoiceError::NoClass(line.text.clone()))?;
        let (net, tax) = split(line.amount, class.rate);
        Ok(InvoiceLine {
            charge: line.charge,
            bill: line.bill,
            item: line.item,
            text: line.text.clone(),
            class_name: class.name.clone(),
            code: class.code.clone(),
            rate: class.rate,
            gross: line.amount,
            net,
            tax,
        })
    };
    let invoiced = charged.iter().filter(|it| it.amount.is_positive());
    let lines: Vec<InvoiceLine> = invoiced.map(line).collect::<Result<_, _>>()?;
    if lines.is_empty() { Err(InvoiceError::Nothing) } else { Ok(lines) }
}

/// How far an invoice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum InvoiceState {
    /// Somebody asked for it.
    Requested,
    /// It was handed to the provider.
    Exported,
    /// The provider issued it.
    Issued,
    /// The provider refused it.
    Refused,
    /// It was taken back before it was handed over.
    Cancelled,
}

impl InvoiceState {
    /// Whether it keeps its lines from being invoiced again.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Requested | Self::Exported | Self::Issued)
    }
}

/// Who is named as buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Buyer {
    pub name: String,
    /// `None`: a person without one.
    pub tax_number: Option<String>,
}

/// Who is named as seller: the company.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Seller {
    pub name: String,
    pub tax_number: String,
    pub address: String,
    pub phone: String,
    pub bank: String,
    pub bank_account: String,
}

/// One invoice, a blue one or the red-letter one that credits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invoice {
    pub id: InvoiceId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub state: InvoiceState,
    /// The issued invoice that it takes back; its amounts are below zero then.
    pub credits: Option<InvoiceId>,
    pub buyer: Buyer,
    pub seller: Seller,
    pub gross: Fen,
    pub net: Fen,
    pub tax: Fen,
    pub currency: Currency,
    /// Why it is credited, refused or cancelled.
    pub reason: Option<String>,
    pub requested_by: UserId,
    pub requested_at: DateTime<Utc>,
    pub exported_at: Option<DateTime<Utc>>,
    /// What the provider gave it.
    pub number: Option<String>,
    pub issued_on: Option<NaiveDate>,
    /// Where the buyer fetches it.
    pub link: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn item(n: u128) -> FeeItemId {
        FeeItemId::from_uuid(Uuid::from_u128(n))
    }

    fn class(n: u128, rate: &str, from: &str) -> TaxClass {
        TaxClass {
            id: TaxClassId::from_uuid(Uuid::from_u128(n)),
            estate: EstateId::from_uuid(Uuid::nil()),
            item: item(n),
            from: from.parse().unwrap(),
            rate: rate.parse().unwrap(),
            code: "3040801010000000000".to_owned(),
            name: format!("class {n}"),
            set_by: UserId::from_uuid(Uuid::nil()),
            set_at: DateTime::UNIX_EPOCH,
        }
    }

    fn charged(n: u128, kind: FeeKind, bill: u128, amount: i64) -> Charged {
        Charged {
            charge: Some(ChargeId::from_uuid(Uuid::from_u128(n * 100 + bill))),
            bill: BillId::from_uuid(Uuid::from_u128(bill)),
            item: item(n),
            kind,
            text: format!("line {n}"),
            whole: Fen(amount),
            amount: Fen(amount),
        }
    }

    fn classes(list: Vec<TaxClass>) -> HashMap<FeeItemId, TaxClass> {
        in_force(list, "2026-07-31".parse().unwrap())
    }

    #[test]
    fn scenario_1_is_invoiced_over_852_58_at_6_per_cent() {
        let all = classes(vec![class(1, "0.06", "2026-01-01")]);
        let of =
            [charged(1, FeeKind::PropertyFee, 1, 83_586), charged(2, FeeKind::LateFee, 1, 1_672)];
        let lines = lines(&of, &all).unwrap();
        let sum = |of: fn(&InvoiceLine) -> Fen| lines.iter().map(of).sum::<Fen>();
        assert_eq!(sum(|line| line.gross), Fen(85_258));
        // 835.86 / 1.06 = 788.547… → 788.55; 16.72 / 1.06 = 15.773… → 15.77.
        assert_eq!(lines[0].net, Fen(78_855));
        assert_eq!(lines[0].tax, Fen(4_731));
        assert_eq!((lines[1].net, lines[1].tax), (Fen(1_577), Fen(95)));
        assert_eq!(lines[1].code, lines[0].code, "the late fee follows the main item");
    }

    #[test]
    fn a_late_fee_follows_what_is_charged_most_beside_it() {
        let all = classes(vec![class(1, "0.06", "2026-01-01"), class(3, "0.09", "2026-01-01")]);
        let of = [
            charged(1, FeeKind::PropertyFee, 1, 10_000),
            charged(3, FeeKind::Parking, 1, 35_000),
            charged(2, FeeKind::LateFee, 1, 100),
            charged(2, FeeKind::LateFee, 2, 100),
        ];
        let found = lines(&of, &all).unwrap();
        assert_eq!(found[2].rate, "0.09".parse().unwrap());
        assert_eq!(found[3].rate, "0.09".parse().unwrap());
        assert_eq!(lines(&of[2..3], &all), Err(InvoiceError::NoMainItem));
    }

    #[test]
    fn what_has_no_class_is_refused() {
        let all = classes(vec![class(1, "0.06", "2026-08-01")]);
        let of = [charged(1, FeeKind::PassThrough, 1, 100)];
        assert_eq!(lines(&of, &all), Err(InvoiceError::NoClass("line 1".to_owned())));
        assert_eq!(lines(&[], &all), Err(InvoiceError::Nothing));
    }

    #[test]
    fn the_newest_class_that_has_begun_holds() {
        let old =
            TaxClass { from: "2026-01-01".parse().unwrap(), ..class(1, "0.03", "2026-01-01") };
        let found =
            classes(vec![class(1, "0.06", "2026-07-01"), old, class(1, "0.09", "2026-09-01")]);
        assert_eq!(found[&item(1)].rate, "0.06".parse().unwrap());
    }

    #[test]
    fn a_late_fee_follows_a_main_item_that_is_invoiced_already() {
        let all = classes(vec![class(1, "0.06", "2026-01-01")]);
        let before = Charged { amount: Fen::ZERO, ..charged(1, FeeKind::PropertyFee, 1, 83_586) };
        let found = lines(&[before, charged(2, FeeKind::LateFee, 1, 1_672)], &all).unwrap();
        assert_eq!((found.len(), found[0].gross), (1, Fen(1_672)));
        assert_eq!(found[0].rate, "0.06".parse().unwrap());
    }

    proptest! {
        #[test]
        fn no_line_gets_more_than_was_charged_nor_all_more_than_came_in(
            amounts in prop::collection::vec(1_i64..1_000_000, 1..12), money in 0_i64..5_000_000,
        ) {
            let amounts: Vec<Fen> = amounts.into_iter().map(Fen).collect();
            let parts = received(&amounts, Fen(money));
            let total: Fen = amounts.iter().copied().sum();
            prop_assert_eq!(parts.iter().copied().sum::<Fen>(), Fen(money).min(total));
            prop_assert!(parts.iter().zip(&amounts).all(|(part, amount)| part <= amount));
        }

        #[test]
        fn net_and_tax_are_the_gross_and_the_tax_is_right_to_half_a_fen(
            gross in 0_i64..10_000_000_000, rate in 0_i64..1_000_000,
        ) {
            let (net, tax) = split(Fen(gross), Rate(rate));
            prop_assert_eq!(net + tax, Fen(gross));
            prop_assert!(!tax.is_negative() && !net.is_negative());
            // |net × (1 + rate) − gross| ≤ (1 + rate) / 2.
            let whole = 1_000_000 + i128::from(rate);
            let off = (i128::from(net.0) * whole - i128::from(gross) * 1_000_000).abs();
            prop_assert!(off * 2 <= whole);
        }

        #[test]
        fn a_credit_undoes_each_line(gross in 1_i64..1_000_000_000, rate in 0_i64..200_000) {
            let (net, tax) = split(Fen(gross), Rate(rate));
            let (back, taxed_back) = split(Fen(-gross), Rate(rate));
            prop_assert_eq!((net + back, tax + taxed_back), (Fen::ZERO, Fen::ZERO));
        }
    }
}
