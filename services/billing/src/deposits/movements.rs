//! The chain of a deposit: every entry from the receipt to the last refund.

use super::{deductions::domain::Deduction, domain::Deposit, refunds::RefundedDeposit};
use crate::ids::EntryId;
use chrono::{DateTime, NaiveDate, Utc};
use money::Fen;

/// What changed a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementKind {
    /// The money came in.
    Taken,
    /// A part was kept.
    Deducted,
    /// A part went back.
    Refunded,
}

/// One entry of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// On which day.
    pub day: NaiveDate,
    /// What changed.
    pub kind: MovementKind,
    /// By how much; what leaves is below zero.
    pub amount: Fen,
    /// What is held after it.
    pub balance: Fen,
    /// Its entry in the ledger.
    pub entry: EntryId,
}

/// The chain in the order of the acts.
pub fn movements(
    deposit: &Deposit,
    deductions: &[Deduction],
    refunds: &[RefundedDeposit],
) -> Vec<Movement> {
    let mut all: Vec<(DateTime<Utc>, Movement)> = Vec::new();
    let mut add = |at, day, kind, amount, entry| {
        all.push((at, Movement { day, kind, amount, balance: Fen::ZERO, entry }));
    };
    if let Some(taken) = &deposit.taken {
        add(taken.at, taken.on, MovementKind::Taken, deposit.amount, taken.entry);
    }
    for deduction in deductions {
        let Some(ended) = &deduction.ended else { continue };
        let Some(entry) = ended.entry else { continue };
        add(ended.at, ended.on, MovementKind::Deducted, -deduction.amount, entry);
    }
    for refund in refunds {
        let Some(paid) = &refund.paid else { continue };
        add(paid.at, paid.on, MovementKind::Refunded, -refund.amount, paid.entry);
    }
    all.sort_by_key(|(at, _)| *at);
    let mut balance = Fen::ZERO;
    for (_, movement) in &mut all {
        balance += movement.amount;
        movement.balance = balance;
    }
    all.into_iter().map(|(_, movement)| movement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        deposits::{
            deductions::domain::{DeductionClass, DeductionState, Ended},
            domain::samples::held,
            refunds::{PaidOut, RefundState},
        },
        ids::{DeductionId, DepositRefundId},
    };
    use chrono::Duration;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn deduction(deposit: &Deposit, amount: i64, hours: i64, entry: Option<EntryId>) -> Deduction {
        let taken = deposit.taken.clone().unwrap();
        let at = taken.at + Duration::hours(hours);
        Deduction {
            id: DeductionId::from_uuid(Uuid::nil()),
            deposit: deposit.id,
            amount: Fen(amount),
            class: DeductionClass::AgreedDamages,
            reason: String::new(),
            proof: None,
            item: None,
            state: DeductionState::Confirmed,
            proposed_by: taken.by,
            proposed_at: at,
            notice: None,
            appeal: None,
            ended: Some(Ended { by: taken.by, on: at.date_naive(), at, reason: None, entry }),
        }
    }

    fn refund(deposit: &Deposit, amount: i64, hours: i64) -> RefundedDeposit {
        let taken = deposit.taken.clone().unwrap();
        let at = taken.at + Duration::hours(hours);
        RefundedDeposit {
            id: DepositRefundId::from_uuid(Uuid::nil()),
            deposit: deposit.id,
            amount: Fen(amount),
            reason: String::new(),
            state: RefundState::Paid,
            requested_by: taken.by,
            requested_at: at,
            decided: None,
            decision: None,
            paid: Some(PaidOut {
                by: taken.by,
                on: at.date_naive(),
                at,
                signed_by: None,
                bank_reference: None,
                entry: taken.entry,
            }),
        }
    }

    proptest! {
        #[test]
        fn the_chain_ends_at_what_is_left(
            parts in proptest::collection::vec((1_i64..300, 1_i64..1000, 0_u8..3), 0..12),
        ) {
            let mut deposit = held();
            let entry = deposit.taken.as_ref().map(|taken| taken.entry);
            let (mut deductions, mut refunds) = (Vec::new(), Vec::new());
            for (amount, hours, what) in parts {
                match what {
                    0 => {
                        deposit.deducted += Fen(amount);
                        deductions.push(deduction(&deposit, amount, hours, entry));
                    }
                    1 => {
                        deposit.refunded += Fen(amount);
                        refunds.push(refund(&deposit, amount, hours));
                    }
                    // Given up: no entry, no movement.
                    _ => deductions.push(deduction(&deposit, amount, hours, None)),
                }
            }
            let chain = movements(&deposit, &deductions, &refunds);
            prop_assert_eq!(chain.last().map(|last| last.balance), Some(deposit.left()));
            prop_assert!(chain.iter().all(|one| one.balance >= deposit.left()));
        }
    }
}
