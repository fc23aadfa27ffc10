//! Who lives where, and what people come for: to pay, to have money back, about a bill, about a deposit.

use super::{
    estate::{Home, number},
    outside::{ACCOUNTS, Act, Outside, account},
};
use crate::{
    charges::{BillingMonth, Cycle, Payer, PayerKind, PayerSpan},
    ids::BillingAccountId,
    ledger::Till,
    model::Dice,
};
use chrono::{DateTime, NaiveDate, Utc};
use money::{Area, Fen};

impl Outside {
    /// Somebody pays, or wants money back, or has an agreement about a deposit.
    pub(super) fn somebody_does_something(&mut self, at: DateTime<Utc>) {
        let today = self.estate.day(at);
        let payer = account(self.dice.below(ACCOUNTS));
        let till = [Till::Cash, Till::Card, Till::Transfer][self.dice.below(3)];
        match self.dice.below(20) {
            0..7 => self.pay(payer, till, today),
            7..12 => {
                let open = self.estate.open_of(payer, today);
                if let Some(bill) = open.first() {
                    let amount = bill.principal + bill.late_fee;
                    let named = vec![number(bill.id)];
                    self.want(Act::Online(payer, amount, named));
                }
            }
            12 | 13 => self.on_a_payment(),
            14 | 15 => self.on_a_bill(),
            16 => {
                let amount = Fen(self.dice.between(1, 200_000));
                self.want(Act::TakeDeposit(payer, till, amount));
            }
            _ => self.on_a_deposit(),
        }
    }

    fn pay(&mut self, payer: BillingAccountId, till: Till, today: NaiveDate) {
        let open = self.estate.open_of(payer, today);
        let owed: Fen = open.iter().map(|bill| bill.principal + bill.late_fee).sum();
        let amount = match self.dice.below(4) {
            0 => Fen(self.dice.between(1, 30_000)),
            1 => Fen((owed.0 / 2).max(1)),
            2 => Fen(owed.0.max(1)),
            _ => owed + Fen(self.dice.between(1, 5_000)),
        };
        let open = open.iter().map(|bill| number(bill.id)).collect();
        let named = self.dice.some_of(open);
        self.want(Act::Take(payer, till, amount, named));
    }

    fn on_a_payment(&mut self) {
        if self.estate.payments.is_empty() {
            return;
        }
        let payment = self.dice.below(self.estate.payments.len());
        let most = self.estate.refundable(payment);
        if most.is_positive() {
            let amount = Fen(self.dice.between(1, most.0));
            self.want(Act::Refund(payment, amount));
        }
    }

    fn on_a_bill(&mut self) {
        if self.estate.bills.is_empty() {
            return;
        }
        let bill = self.dice.below(self.estate.bills.len());
        let it = &self.estate.bills[bill];
        let open = if it.void { Fen::ZERO } else { it.total - it.settled };
        if open.is_positive() && self.dice.once_in(3) {
            let amount = Fen(self.dice.between(1, open.0));
            self.want(Act::Waive(bill, amount));
        } else {
            self.want(Act::Reissue(bill));
        }
    }

    fn on_a_deposit(&mut self) {
        if self.estate.deposits.is_empty() {
            return;
        }
        let deposit = self.dice.below(self.estate.deposits.len());
        let it = &self.estate.deposits[deposit];
        if it.proposed.is_some() {
            self.want(Act::Keep(deposit));
        } else if it.left.is_positive() && self.dice.once_in(3) {
            let amount = Fen(self.dice.between(1, it.left.0));
            self.want(Act::Propose(deposit, amount));
        } else {
            self.want(Act::GiveBack(deposit));
        }
    }
}

/// A home whose developer hands it over in the year, or long before.
pub(super) fn home(n: usize, first: BillingMonth, dice: &mut Dice) -> Home {
    let handed_over =
        first.first() + chrono::Days::new(dice.between(-300, 330).max(0).unsigned_abs());
    let span = |place: usize, kind, from, to| PayerSpan {
        payer: Payer { account: account(2 * n + place), kind },
        from,
        to,
    };
    let before = handed_over.pred_opt().unwrap();
    let long_ago = "2020-01-01".parse().unwrap();
    Home {
        area: Area(dice.between(300_000, 2_000_000)),
        payers: vec![
            span(0, PayerKind::Developer, long_ago, Some(before)),
            span(1, PayerKind::Owner, handed_over, None),
        ],
        cycle: [Cycle::Month, Cycle::Month, Cycle::Quarter][dice.below(3)],
    }
}
