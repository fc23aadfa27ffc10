//! A look at everything: no difference between the model and the rows.

use super::Run;
use crate::{
    ledger::{self, Account},
    model::naive::{Bill, Naive},
};
use chrono::NaiveDate;
use money::Fen;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What each account of the chart comes to, those of money together; nothing of nothing.
pub(super) type Figures = BTreeMap<String, Fen>;

const MONEY: [&str; 2] = ["1001", "1002"];

/// What the books must say.
pub(super) fn figures(model: &Naive) -> Figures {
    let owed: i64 = model.bills.iter().map(Bill::open).sum();
    let figures = [
        ("money", model.money),
        ("1122", owed),
        ("2203", -model.ahead.iter().sum::<i64>()),
        ("2241", -model.deposits.iter().sum::<i64>()),
        ("6001", -model.earned),
        ("6002", model.waived),
        ("6301", -model.kept),
    ];
    let figures = figures.into_iter().filter(|(_, amount)| *amount != 0);
    figures.map(|(code, amount)| (code.to_owned(), Fen(amount))).collect()
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    open: i64,
    waived: i64,
    void: bool,
}

impl Run {
    /// No difference, and a sum of zero.
    pub(super) async fn compare(&mut self) {
        self.accounts_agree().await;
        self.bills_agree().await;
        let now = self.books_on(self.today()).await;
        assert_eq!(now, figures(&self.model), "seed {}", self.seed);
        assert_eq!(now.values().copied().sum::<Fen>(), Fen::ZERO, "seed {}", self.seed);
        // Of the months that are over, one by lot and the latest.
        if let Some(last) = self.ended.len().checked_sub(1) {
            for place in [self.dice.below(last + 1), last] {
                let (month, then) = &self.ended[place];
                let kept = self.books_on(month.last()).await;
                assert_eq!(kept, *then, "{month}, seed {}", self.seed);
            }
        }
        let text = "query($id: ID!) { verifyLedger(estateId: $id) { agrees } \
                    depositLiability(estateId: $id) { agrees } }";
        let variables = json!({ "id": self.scene.estate.to_string() });
        let seen = self.scene.finance.send("billing", text, variables).await.ok();
        assert_eq!(seen["verifyLedger"]["agrees"], true, "seed {}", self.seed);
        assert_eq!(seen["depositLiability"]["agrees"], true, "seed {}", self.seed);
    }

    async fn accounts_agree(&self) {
        let scene = &self.scene;
        let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        let all = self.accounts.iter().map(|account| (scene.estate, *account));
        let standings = ledger::standings(&scope, all).await.unwrap();
        for (of, account) in self.accounts.iter().enumerate() {
            let kept = standings.get(account).copied().unwrap_or_default();
            let held = Account::DepositLiability(*account);
            let held = -ledger::balance(&scope, scene.estate, held).await.unwrap();
            let model = &self.model;
            let want = [model.owed(of), model.ahead[of], model.deposits[of]].map(Fen);
            assert_eq!([kept.owed, kept.ahead, held], want, "debtor {of}, seed {}", self.seed);
        }
    }

    async fn bills_agree(&self) {
        let scene = &self.scene;
        let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        let sql = "SELECT id, total - settled AS open, waived, voided_on IS NOT NULL AS void \
                   FROM bills WHERE tenant_id = $1 AND estate_id = $2";
        let rows: Vec<Row> = scope.rows(sql, [scene.estate.as_uuid().into()]).await.unwrap();
        let rows: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        assert_eq!(rows.len(), self.bills.len(), "seed {}", self.seed);
        for (bill, id) in self.model.bills.iter().zip(&self.bills) {
            let row = &rows[&id.as_uuid()];
            let open = if row.void { 0 } else { row.open };
            let waived = if row.void { 0 } else { row.waived };
            let want = (bill.open(), bill.waived, bill.void);
            assert_eq!((open, waived, row.void), want, "{id}, seed {}", self.seed);
        }
    }

    /// The trial balance of a day.
    async fn books_on(&self, day: NaiveDate) -> Figures {
        let text = "query($id: ID!, $on: NaiveDate!) { trialBalance(estateId: $id, on: $on) \
                    { rows { code debit { amount } credit { amount } } } }";
        let variables = json!({ "id": self.scene.estate.to_string(), "on": day.to_string() });
        let books = self.scene.finance.send("billing", text, variables).await.ok();
        let mut figures = Figures::new();
        for row in books["trialBalance"]["rows"].as_array().unwrap() {
            let side = |side: &str| match &row[side]["amount"] {
                Value::String(text) => text.parse::<Fen>().unwrap(),
                _ => Fen::ZERO,
            };
            let code = row["code"].as_str().unwrap();
            let code = if MONEY.contains(&code) { "money" } else { code };
            *figures.entry(code.to_owned()).or_default() += side("debit") - side("credit");
        }
        figures.retain(|_, amount| !amount.is_zero());
        figures
    }
}
