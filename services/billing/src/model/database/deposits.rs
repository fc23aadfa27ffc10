//! What happens to deposits, there and in the model.

use super::{DEBTORS, Run};
use crate::{
    ledger::Till,
    model::front::{self, act},
};
use chrono::Days;
use money::Fen;
use serde_json::json;

/// The payer has five days to appeal; the money is kept on the sixth.
const UNTIL_KEPT: Days = Days::new(6);

/// A deposit of which something is here.
pub(super) struct Held {
    id: String,
    of: usize,
    left: i64,
}

impl Run {
    /// Somebody asks for it, the cashier takes it.
    pub(super) async fn take_deposit(&mut self) -> bool {
        let (of, amount) = (self.dice.below(DEBTORS), self.dice.between(1, 300_000));
        let till = [Till::Cash, Till::Card, Till::Transfer][self.dice.below(3)];
        let account = self.accounts[of].to_string();
        let id = front::deposit(&self.scene, &account, till, Fen(amount)).await;
        self.deposits.push(Held { id, of, left: amount });
        self.model.deposit(of, amount);
        true
    }

    /// A part is proposed, told, not appealed against, and kept.
    pub(super) async fn keep_of_deposit(&mut self) -> bool {
        let Some(place) = self.some_deposit() else { return false };
        let amount = self.dice.between(1, self.deposits[place].left);
        let scene = &self.scene;
        let input = json!({ "depositId": self.deposits[place].id, "amount": Fen(amount).to_string(),
            "class": "DOCUMENTED_COST", "reason": "清运走廊垃圾", "proof": "发票 0471" });
        let wanted = "deduction { id status }";
        let proposed = act(scene, &scene.desk, "proposeDepositDeduction", wanted, input).await;
        let id = json!({ "deductionId": proposed["deduction"]["id"] });
        let mut told = id.clone();
        told["deliveredOn"] = json!(self.today().to_string());
        told["delivery"] = json!("当面签收");
        act(scene, &scene.desk, "notifyDepositDeduction", wanted, told).await;
        self.wait_until(self.today() + UNTIL_KEPT);
        let kept =
            act(&self.scene, &self.scene.finance, "confirmDepositDeduction", wanted, id).await;
        assert_eq!(kept["deduction"]["status"], "CONFIRMED", "seed {}", self.seed);
        self.model.keep_of_deposit(self.deposits[place].of, amount);
        self.gone(place, amount);
        true
    }

    /// A part, or all of it, goes back to who paid it.
    pub(super) async fn return_deposit(&mut self) -> bool {
        let Some(place) = self.some_deposit() else { return false };
        let left = self.deposits[place].left;
        let amount = if self.dice.once_in(2) { left } else { self.dice.between(1, left) };
        front::deposit_back(&self.scene, &self.deposits[place].id, Fen(amount)).await;
        self.model.deposit(self.deposits[place].of, -amount);
        self.gone(place, amount);
        true
    }

    fn some_deposit(&mut self) -> Option<usize> {
        (!self.deposits.is_empty()).then(|| self.dice.below(self.deposits.len()))
    }

    fn gone(&mut self, place: usize, amount: i64) {
        self.deposits[place].left -= amount;
        if self.deposits[place].left == 0 {
            self.deposits.swap_remove(place);
        }
    }
}
