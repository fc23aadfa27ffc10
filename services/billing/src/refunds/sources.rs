//! Out of what a refund is taken.

use crate::{ids::BillId, ledger::Toward, payments::Part};
use money::Fen;

/// Where refunded money comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    /// What the payment had paid ahead.
    pub prepaid: Fen,
    /// Bills that were settled and are owed again.
    pub bills: Vec<(Part, Fen)>,
    /// Bills that were voided after they were settled: their money became prepayment.
    pub voided: Vec<(Part, Fen)>,
    /// What is not there any more.
    pub missing: Fen,
}

impl Sources {
    /// What is taken out of the prepayment liability.
    pub fn ahead(&self) -> Fen {
        self.prepaid + self.voided.iter().map(|(_, amount)| *amount).sum()
    }

    /// The bills of which principal or late fee is owed again, each with how much.
    pub fn reopened(&self, toward: Toward) -> Vec<(BillId, Fen)> {
        let parts = self.bills.iter().filter(|(part, _)| part.toward == toward);
        parts.map(|(part, amount)| (part.bill, *amount)).collect()
    }

    /// Every part that something is taken of.
    pub fn parts(&self) -> Vec<(Part, Fen)> {
        self.bills.iter().chain(&self.voided).copied().collect()
    }

    /// What is owed again.
    pub fn owed_again(&self) -> Fen {
        self.bills.iter().map(|(_, amount)| *amount).sum()
    }
}

/// Divides `amount`: first what was paid ahead, then bills in the reverse order of settlement.
/// `prepaid` is what the payment had paid ahead and was not refunded yet, `balance` what the
/// account has paid ahead now; `parts` come with whether their bill still stands.
pub(crate) fn sources(amount: Fen, prepaid: Fen, balance: Fen, parts: &[(Part, bool)]) -> Sources {
    let mut left = amount;
    let mut balance = balance.max(Fen::ZERO);
    let mut take = |most: Fen| {
        let taken = most.min(left);
        left -= taken;
        taken
    };
    let mut found = Sources { prepaid: take(prepaid.min(balance)), ..Sources::default() };
    balance -= found.prepaid;
    for (part, stands) in parts.iter().rev() {
        let rest = part.amount - part.refunded;
        if *stands {
            let taken = take(rest);
            found.bills.push((*part, taken));
        } else {
            let taken = take(rest.min(balance));
            balance -= taken;
            found.voided.push((*part, taken));
        }
    }
    found.bills.retain(|(_, taken)| taken.is_positive());
    found.voided.retain(|(_, taken)| taken.is_positive());
    found.missing = left;
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn part(position: i32, amount: i64, refunded: i64) -> Part {
        let bill = BillId::from_uuid(Uuid::from_u128(u128::from(position.unsigned_abs())));
        let toward = Toward::Principal;
        Part { position, bill, toward, amount: Fen(amount), refunded: Fen(refunded) }
    }

    #[test]
    fn what_was_paid_ahead_goes_back_first_then_the_last_bill() {
        let parts = [(part(0, 300, 0), true), (part(1, 200, 0), true)];
        let found = sources(Fen(350), Fen(100), Fen(1000), &parts);
        assert_eq!(found.prepaid, Fen(100));
        assert_eq!(found.bills, [(parts[1].0, Fen(200)), (parts[0].0, Fen(50))]);
        assert_eq!(found.missing, Fen::ZERO);
    }

    #[test]
    fn prepayment_that_was_used_meanwhile_is_missing() {
        let found = sources(Fen(100), Fen(100), Fen(30), &[]);
        assert_eq!((found.prepaid, found.missing), (Fen(30), Fen(70)));
    }

    #[test]
    fn the_money_of_a_voided_bill_is_found_in_the_prepayment() {
        let parts = [(part(0, 300, 100), false)];
        let found = sources(Fen(200), Fen::ZERO, Fen(250), &parts);
        assert_eq!(found.ahead(), Fen(200));
        assert!(found.bills.is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nobody_gives_more_than_they_have(
            amount in 1_i64..2000, prepaid in 0_i64..500, balance in -100_i64..500,
            parts in proptest::collection::vec((1_i64..500, 0_i64..500, any::<bool>()), 0..6),
        ) {
            let parts: Vec<(Part, bool)> = (0..).zip(&parts)
                .map(|(place, (size, back, stands))| (part(place, *size, *back.min(size)), *stands))
                .collect();
            let found = sources(Fen(amount), Fen(prepaid), Fen(balance), &parts);
            prop_assert_eq!(found.ahead() + found.owed_again() + found.missing, Fen(amount));
            prop_assert!(found.ahead() <= Fen(balance.max(0)));
            prop_assert!(found.prepaid <= Fen(prepaid));
            for (part, taken) in found.bills.iter().chain(&found.voided) {
                prop_assert!(*taken <= part.amount - part.refunded);
            }
        }
    }
}
