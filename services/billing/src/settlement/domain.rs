//! Which entries a movement at the provider calls for.

use crate::ledger::{Entry, LedgerError};
use ::payments::{SettlementKind, SettlementLine};
use ids::EstateId;
use money::{Currency, Fen};
use std::collections::BTreeMap;

/// The entries of one movement. What a payment or refund moved is posted by the payment or refund
/// itself, so that only the fee is left of it.
///
/// # Errors
/// Never for amounts that are not zero.
pub(super) fn entries(line: &SettlementLine) -> Result<Vec<Entry>, LedgerError> {
    let mut all = Vec::new();
    if line.kind == SettlementKind::Dispute && !line.gross.is_zero() {
        all.push(Entry::dispute(-line.gross, line.currency)?);
    }
    if !line.fee.is_zero() {
        all.push(Entry::provider_fee(line.fee, line.currency)?);
    }
    Ok(all)
}

/// What of a payout belongs to each estate, and how much to none of ours: `lines` come with the
/// estate of their payment.
pub(super) fn shares(lines: &[(Option<EstateId>, Fen)]) -> (BTreeMap<EstateId, Fen>, Fen) {
    let (mut ours, mut others) = (BTreeMap::new(), Fen::ZERO);
    for (estate, net) in lines {
        match estate {
            Some(estate) => *ours.entry(*estate).or_insert(Fen::ZERO) += *net,
            None => others += *net,
        }
    }
    (ours, others)
}

/// Whether a movement can stand in the books of an estate, which have one currency.
pub(super) fn fits(line: &SettlementLine, books: Currency) -> bool {
    line.currency == books
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Account;
    use chrono::DateTime;

    fn line(kind: SettlementKind, gross: i64, fee: i64) -> SettlementLine {
        SettlementLine {
            id: "txn_1".to_owned(),
            kind,
            source: None,
            gross: Fen(gross),
            fee: Fen(fee),
            net: Fen(gross - fee),
            currency: Currency::CNY,
            booked_at: DateTime::UNIX_EPOCH,
        }
    }

    fn change(line: &SettlementLine, account: Account) -> i64 {
        entries(line).unwrap().iter().map(|entry| entry.change_of(account).0).sum()
    }

    #[test]
    fn a_movement_changes_the_clearing_account_by_what_nobody_posted_yet() {
        let paid = line(SettlementKind::Payment, 27_862, 838);
        assert_eq!(change(&paid, Account::StripeClearing), -838);
        assert_eq!(change(&paid, Account::StripeFees), 838);
        let taken = line(SettlementKind::Dispute, -27_862, 1_500);
        assert_eq!(change(&taken, Account::StripeClearing), -29_362);
        assert_eq!(change(&taken, Account::Disputed), 27_862);
        let returned = line(SettlementKind::Dispute, 27_862, -1_500);
        assert_eq!(change(&returned, Account::StripeClearing), 29_362);
        assert_eq!(change(&returned, Account::StripeFees), -1_500);
        assert!(entries(&line(SettlementKind::Refund, -500, 0)).unwrap().is_empty());
    }

    #[test]
    fn a_payout_is_shared_out_to_the_last_fen() {
        let [one, other] = [1, 2].map(|n| EstateId::from_uuid(uuid::Uuid::from_u128(n)));
        let lines =
            [(Some(one), Fen(100)), (Some(other), Fen(7)), (None, Fen(-3)), (Some(one), Fen(-40))];
        let (ours, others) = shares(&lines);
        assert_eq!(ours, BTreeMap::from([(one, Fen(60)), (other, Fen(7))]));
        assert_eq!(others, Fen(-3));
    }
}
