//! What happens to bills, payments and months, there and in the model.

use super::{DEBTORS, Run, look_repo::figures};
use crate::{
    bills::{self, NewBill, NewLine, apply_prepayments},
    charges::{BillingMonth, PayerKind},
    closing::tests::{DAY, closed},
    estates, fees,
    ids::BillingAccountId,
    ledger::{self, Entry, Posting, Till},
    model::{front::act, split::Split},
};
use chrono::{Days, NaiveDate};
use errors::{Code, Coded as _};
use money::{Currency, Fen};
use serde_json::{Value, json};

impl Run {
    pub(super) async fn charge(&mut self) -> bool {
        let (of, amount) = (self.dice.below(DEBTORS), self.dice.between(1, 60_000));
        self.issue(of, amount).await;
        true
    }

    /// A month whose payer changes: each is charged a part.
    pub(super) async fn split(&mut self) -> bool {
        let both = [self.dice.below(DEBTORS), self.dice.below(DEBTORS)];
        let lines =
            Split::roll(&mut self.dice).lines(self.accounts[both[0]], self.accounts[both[1]]);
        for (line, of) in lines.iter().zip(both) {
            if line.amount.is_positive() {
                self.issue(of, line.amount.0).await;
            }
        }
        true
    }

    /// A bill, and what was paid ahead meets it, as in a run.
    async fn issue(&mut self, of: usize, amount: i64) {
        // No two of a debtor fall due on one day: of one day ids decide, which the model has not.
        let due = i64::try_from(self.bills.len()).unwrap() * 7919 % 10_007;
        let db = self.scene.stage.world.db("billing");
        let scope = db.write(self.scene.company.tenant).await.unwrap();
        let estate = estates::lock(&scope, self.scene.estate).await.unwrap().unwrap();
        let item = fees::item_by_code(&scope, estate.id, "SERVICE").await.unwrap().unwrap();
        let today = estate.today(scope.clock());
        let line = NewLine {
            item: item.id,
            source: format!("model/{}", self.bills.len()),
            standard: None,
            payer: PayerKind::Owner,
            month: BillingMonth::of(today).unwrap(),
            from: today,
            to: today,
            amount: Fen(amount),
            explanation: None,
            description: None,
        };
        let bill = NewBill {
            estate: estate.id,
            account: self.accounts[of],
            unit: None,
            building: None,
            run: None,
            replaces: None,
            issued_on: today,
            due: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(due.unsigned_abs()),
            currency: estate.currency,
            lines: vec![(line, item.income_account())],
        };
        self.bills.extend(bills::issue(&scope, vec![bill]).await.unwrap());
        self.model.charge(of, due, amount);
        apply_prepayments(&scope, &estate, &[self.accounts[of]], today).await.unwrap();
        self.model.apply(of);
        scope.commit().await.unwrap();
    }

    fn payment(&mut self, of: usize, amount: i64, designated: &[usize]) -> Value {
        let till = ["CASH", "CARD", "TRANSFER"][self.dice.below(3)];
        let named: Vec<String> = designated.iter().map(|it| self.bills[*it].to_string()).collect();
        json!({
            "accountId": self.accounts[of].to_string(), "amount": Fen(amount).to_string(),
            "till": till, "billIds": named, "idempotencyKey": self.key(),
        })
    }

    /// A part of what is owed, or all of it, or more; for no bill, one or two; in a till or ahead.
    pub(super) async fn pay(&mut self) -> bool {
        let of = self.dice.below(DEBTORS);
        let owed = self.model.owed(of);
        let amount = match self.dice.below(3) {
            0 => self.dice.between(1, 50_000),
            1 => (owed / 2).max(1),
            _ => owed + self.dice.between(1, 5_000),
        };
        let designated = self.dice.some_of(self.model.open_of(of));
        let input = self.payment(of, amount, &designated);
        let data = self.scene.take_as(&self.scene.cashier, input.clone()).await.ok();
        if self.dice.once_in(10) {
            // The same again is the same.
            let again = self.scene.take_as(&self.scene.cashier, input).await.ok();
            assert_eq!(again, data, "seed {}", self.seed);
        }
        self.paid(&data, of, amount, &designated);
        true
    }

    fn paid(&mut self, data: &Value, of: usize, amount: i64, designated: &[usize]) {
        self.payments.push(data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned());
        self.model.pay(of, amount, designated);
    }

    pub(super) async fn refund(&mut self) -> bool {
        if self.payments.is_empty() {
            return false;
        }
        let payment = self.dice.below(self.payments.len());
        let most = self.model.refundable(payment);
        if most == 0 {
            return false;
        }
        let amount = self.dice.between(1, most);
        let (ask, approve) = (self.key(), self.key());
        let money = Fen(amount).to_string();
        let asked =
            self.scene.ask_refund(&self.scene.desk, &self.payments[payment], &money, &ask).await;
        let refund = asked.ok()["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        self.scene.approve(&self.scene.finance, &refund, &approve).await.ok();
        self.model.refund(payment, amount);
        true
    }

    pub(super) async fn waive(&mut self) -> bool {
        let of = self.dice.below(DEBTORS);
        let open = self.model.open_of(of);
        if open.is_empty() {
            return false;
        }
        let bill = open[self.dice.below(open.len())];
        let amount = self.dice.between(1, self.model.bills[bill].open());
        let scene = &self.scene;
        let input = json!({ "billId": self.bills[bill].to_string(), "of": "PRINCIPAL",
            "amount": Fen(amount).to_string(), "reason": "漏水维修延误", "evidence": "工单 T-7" });
        let asked = act(scene, &scene.desk, "requestWaiver", "waiver { id }", input).await;
        let id = asked["waiver"]["id"].as_str().unwrap().to_owned();
        let input = json!({ "waiverId": id });
        let done = act(scene, &scene.finance, "approveWaiver", "waiver { status }", input).await;
        assert_eq!(done["waiver"]["status"], "GRANTED", "seed {}", self.seed);
        self.waivers.push((id, bill, amount));
        self.model.waive(bill, amount);
        true
    }

    pub(super) async fn unwaive(&mut self) -> bool {
        if self.waivers.is_empty() {
            return false;
        }
        let (id, bill, amount) = self.waivers.swap_remove(self.dice.below(self.waivers.len()));
        let scene = &self.scene;
        let input = json!({ "waiverId": id, "reason": "证据不足" });
        act(scene, &scene.finance, "reverseWaiver", "waiver { status }", input).await;
        self.model.unwaive(bill, amount);
        true
    }

    /// A wrong bill is voided; one that a payment has met is refused, and nothing changes.
    pub(super) async fn void(&mut self) -> bool {
        if self.bills.is_empty() {
            return false;
        }
        let bill = self.dice.below(self.bills.len());
        let input = json!({ "id": self.bills[bill].to_string(), "reason": "录入错误",
            "idempotencyKey": self.key() });
        let text =
            "mutation($input: VoidBillInput!) { voidBill(input: $input) { bill { status } } }";
        let variables = json!({ "input": input });
        let answer = self.scene.finance.send("billing", text, variables).await;
        if self.model.can_void(bill) {
            answer.ok();
            self.model.void(bill);
            self.waivers.retain(|(_, of, _)| *of != bill);
        } else {
            assert_eq!(answer.code(), "CONFLICT", "seed {}", self.seed);
        }
        true
    }

    /// Closes the next month, for which it has to be over.
    pub(super) async fn close(&mut self) -> bool {
        let month = match self.ended.get(self.closed) {
            Some((month, _)) => *month,
            None => BillingMonth::of(self.today()).unwrap(),
        };
        self.wait_until(month.next().first());
        closed(&self.scene, &month.to_string()).await;
        self.closed += 1;
        true
    }

    /// Whatever is dated in a closed month is refused: what a program posts, and what a person does
    /// while the clock stands wrong. The same with the same key is taken once it stands right.
    pub(super) async fn post_late(&mut self) -> bool {
        let Some((month, _)) = self.closed.checked_sub(1).map(|last| self.ended[last].clone())
        else {
            return false;
        };
        let of = self.dice.below(DEBTORS);
        assert_eq!(self.post_ahead(of, month.day(17)).await, Err(Code::Conflict));
        let amount = self.dice.between(1, 1_000);
        let input = self.payment(of, amount, &[]);
        let clock = self.scene.stage.world.clock.clone();
        let now = clock.now();
        let wrong = now - chrono::Duration::days((self.today() - month.last()).num_days());
        clock.set(wrong);
        let refused = self.scene.take_as(&self.scene.cashier, input.clone()).await;
        clock.set(now);
        assert_eq!(refused.code(), "CONFLICT", "seed {}", self.seed);
        let data = self.scene.take_as(&self.scene.cashier, input).await.ok();
        self.paid(&data, of, amount, &[]);
        true
    }

    async fn post_ahead(&self, of: usize, date: NaiveDate) -> Result<(), Code> {
        let db = self.scene.stage.world.db("billing");
        let scope = db.write(self.scene.company.tenant).await.unwrap();
        let account: BillingAccountId = self.accounts[of];
        let entry = Entry::payment(Till::Cash, account, Fen::ZERO, Fen(100), Currency::CNY);
        let posting = Posting {
            estate: self.scene.estate,
            entry: entry.unwrap(),
            date,
            source: "pay_test".to_owned(),
            memo: String::new(),
        };
        ledger::post(&scope, posting).await.map_err(|error| error.code())?;
        scope.commit().await.map_err(|error| error.code())
    }

    /// The date in the estate.
    pub(super) fn today(&self) -> NaiveDate {
        self.scene.stage.world.clock.today(chrono_tz::Asia::Shanghai)
    }

    /// Moves on to a day, if it is not there yet; what the months that end meanwhile come to is
    /// kept.
    pub(super) fn wait_until(&mut self, day: NaiveDate) {
        let days = (day - self.today()).num_days();
        if days <= 0 {
            return;
        }
        let mut month = BillingMonth::of(self.today()).unwrap();
        while month < BillingMonth::of(day).unwrap() {
            self.ended.push((month, figures(&self.model)));
            month = month.next();
        }
        self.scene.later(days * DAY);
    }
}
