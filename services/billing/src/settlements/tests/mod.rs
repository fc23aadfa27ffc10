//! Settlements at leaving through the graph: scenarios 5 and 6 to the fen, and who may do what.

mod late_fees;
mod paper;
mod spaces;

use crate::{
    charges::Formula,
    fees,
    ids::BillingAccountId,
    ledger::{self, Account},
    seed, service,
    testing::{Stage, member},
};
use authz::{Grant, UserId};
use contracts::{
    BuildingId, ParkingSpaceId, PersonId, UnitId,
    residents::{MemberFact, MemberKind, ParkingSpaceFact, ParkingSpacesChanged, UnitUse},
};
use futures::future::join_all;
use money::Fen;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, Backend, Signed, World, run};

const LEAVING: &str = "id status till billId successorBillId depositRefundIds signedBy receipts { number amount { amount } } \
    sheet { credited { amount } owed { amount } rest { amount } stillOwed { amount } paidOut { amount } net { amount } \
            unused { from to kept { amount } amount { amount } } deposits { amount { amount } } }";

/// An account that was billed and paid, and who works on its settlement.
pub(crate) struct Play {
    pub(crate) stage: Stage,
    unit: UnitId,
    /// Who leaves.
    leaver: PersonId,
    /// Who owns the unit and comes after, where somebody does.
    pub(crate) owner: Option<PersonId>,
    account: String,
    item: String,
    desk: Signed,
    cashier: Signed,
}

impl Play {
    async fn new(now: &str) -> Self {
        let world = World::start_on(Backend::from_env(), vec![service()], &[], now).await;
        let stage = Stage::in_world(&Arc::new(world)).await;
        let desk = stage.company.staff("DESK", stage.estate).await;
        let cashier = stage.company.staff("CASH", stage.estate).await;
        stage.terms(json!({ "cycle": "QUARTER" })).await.ok();
        let (unit, leaver) = (UnitId::from_uuid(stage.id()), stage.person());
        let (account, item) = (String::new(), String::new());
        Self { stage, unit, leaver, owner: None, account, item, desk, cashier }
    }

    /// Unit 6-2-0801 of scenario 6: 142.88 m² at 2.85, its last quarter paid by the lessee.
    pub(crate) async fn tenancy() -> Self {
        let mut play = Self::new("2026-10-15T04:00:00Z").await;
        let building = BuildingId::from_uuid(play.stage.id());
        let units = [("6-2-0801", "142.88", UnitUse::Residential)];
        play.unit = play.stage.units(building, "6", &units).await[0];
        play.owner = Some(play.stage.person());
        play.lives_until(None).await;
        play.item = play.stage.item("PROPERTY", "PROPERTY_FEE").await;
        play.stage.seeded(&play.item, "2.85", fees::Scope::default()).await;
        play.stage.run("2026-10").await;
        play.billed("2026-10", "1221.63").await;
        play.pays("1221.63", "payment").await;
        play
    }

    /// Space B1-143 of scenario 5: 350.00 a month from 18 June, paid to the end of September.
    async fn lease() -> Self {
        let mut play = Self::new("2026-08-20T04:00:00Z").await;
        let (stage, leaver) = (&play.stage, play.leaver);
        let building = BuildingId::from_uuid(stage.id());
        play.unit =
            stage.units(building, "1", &[("1-1-0101", "90", UnitUse::Residential)]).await[0];
        let lessee = member(leaver, "李强", MemberKind::Owner, "2026-06-18", None);
        stage.members(vec![(play.unit, vec![lessee])]).await;
        let fact = ParkingSpaceFact {
            space: ParkingSpaceId::from_uuid(stage.id()),
            label: "B1-143".to_owned(),
            holder: None,
            holder_name: None,
            unit: Some(play.unit),
        };
        let told = ParkingSpacesChanged { estate: stage.estate, spaces: vec![fact] };
        stage.company.tell("residents", "billing", &told).await;
        play.item = stage.item("PARKING", "PARKING").await;
        let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
        let price = seed::Price {
            item: play.item.parse().unwrap(),
            place: fees::Scope::default(),
            formula: Formula::PerParkingSpace { price: Fen(35_000) },
            from: "2020-01-01".parse().unwrap(),
        };
        seed::price(&scope, stage.estate, &price).await.unwrap();
        scope.commit().await.unwrap();
        stage.run("2026-06").await;
        stage.run("2026-07").await;
        play.billed("2026-06", "151.67").await;
        play.billed("2026-07", "1050.00").await;
        play.pays("1201.67", "payment").await;
        play
    }

    /// The lessee pays for the unit, and from the day after `to` on the owner does.
    async fn lives_until(&self, to: Option<&str>) {
        let owner = member(self.owner.unwrap(), "王芳", MemberKind::Owner, "2020-01-01", None);
        let lessee = member(self.leaver, "赵磊", MemberKind::Lessee, "2026-01-01", to);
        let owner = match to {
            None => MemberFact { pays: false, ..owner },
            Some(_) => MemberFact { from: "2026-10-19".parse().unwrap(), ..owner },
        };
        self.stage.members(vec![(self.unit, vec![owner, lessee])]).await;
    }

    async fn billed(&mut self, month: &str, total: &str) {
        let bill = self.stage.bill_from(self.unit, month).await;
        assert_eq!(bill["total"]["amount"], total);
        bill["account"]["id"].as_str().unwrap().clone_into(&mut self.account);
    }

    async fn pays(&self, amount: &str, what: &str) {
        let text =
            "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id } } }";
        let input = json!({ "accountId": self.account, "amount": amount, "till": "CASH",
            "channelReference": what, "idempotencyKey": self.key() });
        self.cashier.send("billing", text, json!({ "input": input })).await.ok();
    }

    /// A parking card's deposit of 50.00, paid in cash.
    async fn deposits(&self) -> String {
        let text = "mutation($input: RequestDepositInput!) { requestDeposit(input: $input) { deposit { id } } }";
        let input = json!({ "accountId": self.account, "kind": "PARKING_CARD", "amount": "50",
            "agreement": "停车卡", "idempotencyKey": self.key() });
        let data = self.desk.send("billing", text, json!({ "input": input })).await.ok();
        let id = data["requestDeposit"]["deposit"]["id"].as_str().unwrap().to_owned();
        let text =
            "mutation($input: TakeDepositInput!) { takeDeposit(input: $input) { deposit { id } } }";
        let input = json!({ "depositId": id, "till": "CASH", "idempotencyKey": self.key() });
        self.cashier.send("billing", text, json!({ "input": input })).await.ok();
        id
    }

    fn key(&self) -> String {
        self.stage.id().to_string()
    }

    pub(crate) fn leaving(&self, on: &str, more: Value) -> Value {
        let mut input = json!({ "accountId": self.account, "leavesOn": on });
        for (field, value) in more.as_object().into_iter().flatten() {
            input[field] = value.clone();
        }
        input
    }

    async fn preview(&self, who: &Signed, leaving: &Value) -> Answer {
        let text = "query($input: LeavingInput!) { previewLeaving(input: $input) { net { amount } stillOwed { amount } } }";
        who.send("billing", text, json!({ "input": leaving })).await
    }

    async fn act(&self, who: &Signed, name: &str, input: Value) -> Answer {
        let mut input = input;
        if input["idempotencyKey"].is_null() {
            input["idempotencyKey"] = json!(self.key());
        }
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ leaving {{ {LEAVING} }} }} }}"
        );
        who.send("billing", &text, json!({ "input": input })).await
    }

    async fn prepared(&self, leaving: Value) -> Value {
        let input = json!({ "leaving": leaving });
        self.act(&self.desk, "prepareLeaving", input).await.ok()["prepareLeaving"]["leaving"].take()
    }

    async fn approve(&self, who: &Signed, leaving: &Value) -> Answer {
        self.act(who, "approveLeaving", json!({ "leavingId": leaving["id"] })).await
    }

    async fn pay(&self, who: &Signed, leaving: &Value) -> Answer {
        let input = json!({ "leavingId": leaving["id"], "signedBy": "赵磊" });
        self.act(who, "payLeaving", input).await
    }

    /// The lessee leaves on 18 October, with the last reading of the water meter.
    async fn scenario_6(&self, deposit: &str) -> Value {
        let water = self.stage.director.send(
            "billing",
            "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }",
            json!({ "input": { "estateId": self.stage.estate.to_string(), "code": "WATER", "nameZh": "水费",
                "nameEn": "Water", "kind": "PASS_THROUGH", "partner": "自来水公司" } }),
        );
        let water = water.await.ok()["createFeeItem"]["feeItem"]["id"].take();
        let debit =
            json!({ "feeItemId": water, "description": "1318 → 1341, 23 m³", "amount": "74.00" });
        let owner = self.owner.unwrap().to_string();
        let more = json!({ "successorId": owner, "debits": [debit], "depositIds": [deposit] });
        self.leaving("2026-10-18", more)
    }

    /// Prepared, approved and paid out.
    pub(crate) async fn settled(&self, leaving: Value) -> Value {
        let prepared = self.prepared(leaving).await;
        self.approve(&self.stage.finance, &prepared).await.ok();
        self.pay(&self.cashier, &prepared).await.ok()["payLeaving"]["leaving"].take()
    }

    /// What the ledger says of an account of the estate, in fen.
    async fn booked(&self, account: Account) -> i64 {
        let company = &self.stage.company;
        let scope = company.world.db("billing").read(company.tenant).await.unwrap();
        ledger::balance(&scope, self.stage.estate, account).await.unwrap().0
    }

    /// That neither debt nor prepayment nor deposit is left, and the books agree with themselves.
    async fn nothing_is_left(&self) {
        let account: BillingAccountId = self.account.parse().unwrap();
        for account in [
            Account::Receivable(account),
            Account::PrepaymentLiability(account),
            Account::DepositLiability(account),
        ] {
            assert_eq!(self.booked(account).await, 0, "{account:?}");
        }
        let books = self.stage.ask(
            &self.stage.finance,
            "verifyLedger(estateId: $estate) { agrees } depositLiability(estateId: $estate) { agrees }",
        );
        let books = books.await.ok();
        assert_eq!(books["verifyLedger"]["agrees"], true);
        assert_eq!(books["depositLiability"]["agrees"], true);
    }
}

#[test]
fn scenario_6_a_lessee_leaves_with_961_19_and_the_owner_owes_985_19() {
    run(async {
        let play = Play::tenancy().await;
        let deposit = play.deposits().await;
        let leaving = play.scenario_6(&deposit).await;
        let net = &play.preview(&play.desk, &leaving).await.ok()["previewLeaving"]["net"];
        assert_eq!(net["amount"], "961.19");
        let done = play.settled(leaving).await;
        let sheet = &done["sheet"];
        let figures =
            ["credited", "owed", "rest", "paidOut", "net"].map(|name| &sheet[name]["amount"]);
        assert_eq!(figures, ["985.19", "74.00", "911.19", "961.19", "961.19"]);
        assert_eq!(sheet["unused"][0]["kept"]["amount"], "236.44");
        assert_eq!(sheet["unused"][0]["amount"]["amount"], "170.77");
        assert_eq!((&done["status"], &done["signedBy"]), (&json!("SETTLED"), &json!("赵磊")));
        assert_eq!(done["receipts"][0]["amount"]["amount"], "911.19");
        play.nothing_is_left().await;
        // Of the money there is left what the lessee used: 236.44 and the water.
        assert_eq!(play.booked(Account::Cash).await, 23_644 + 7_400);
        let fee = Account::Revenue(play.item.parse().unwrap());
        assert_eq!(play.booked(fee).await, -122_163);

        // The owner's bill: the rest of October and two months; no run charges these days again.
        let bills = play.stage.bills(play.unit).await;
        let owners = bills.iter().find(|bill| bill["id"] == done["successorBillId"]).unwrap();
        assert_eq!(owners["outstanding"]["amount"], "985.19");
        let lines = owners["lines"].as_array().unwrap().iter();
        let lines: Vec<&Value> = lines.map(|line| &line["amount"]["amount"]).collect();
        assert_eq!(lines, ["170.77", "407.21", "407.21"]);
        play.lives_until(Some("2026-10-18")).await;
        let preview = play
            .stage
            .preview(
                "2026-10",
                "doubts(first: 10) { edges { node { label } } } monthTotal { amount }",
            )
            .await;
        assert_eq!(
            preview,
            json!({ "doubts": { "edges": [] }, "monthTotal": { "amount": "407.21" } })
        );
        assert_eq!(play.stage.run("2026-10").await["bills"], 0);
        let after = play.stage.preview("2026-11", "lastMonthTotal { amount }").await;
        assert_eq!(after["lastMonthTotal"]["amount"], "407.21");
        // What was credited cannot be voided as well.
        let lessees = play.stage.bills(play.unit).await;
        let lessees = lessees.iter().find(|bill| bill["total"]["amount"] == "1221.63").unwrap();
        let void = play.stage.void(&play.stage.finance, &lessees["id"], "错误").await;
        assert_eq!(void.code(), "CONFLICT");
    });
}

#[test]
fn scenario_5_a_space_is_given_up_for_524_19() {
    run(async {
        let play = Play::lease().await;
        let deposit = play.deposits().await;
        assert_eq!(play.booked(Account::Cash).await, 125_167);
        let done =
            play.settled(play.leaving("2026-08-20", json!({ "depositIds": [deposit] }))).await;
        let unused = done["sheet"]["unused"].as_array().unwrap().iter();
        let unused: Vec<&Value> = unused.map(|part| &part["amount"]["amount"]).collect();
        assert_eq!(unused, ["124.19", "350.00"]);
        assert_eq!(done["sheet"]["net"]["amount"], "524.19");
        play.nothing_is_left().await;
        let rent = Account::Revenue(play.item.parse().unwrap());
        assert_eq!(play.booked(rent).await, -72_748);
        assert_eq!(play.booked(Account::Cash).await, 72_748);
    });
}

#[test]
fn open_bills_are_met_by_the_credit_and_what_is_missing_stays_owed() {
    run(async {
        let play = Play::tenancy().await;
        let owed =
            [{ json!({ "feeItemId": play.item, "description": "赔偿", "amount": "1000.00" }) }];
        let leaving = play.leaving("2026-10-18", json!({ "debits": owed }));
        let prepared = play.prepared(leaving).await;
        let sheet = &prepared["sheet"];
        assert_eq!(
            (&sheet["rest"]["amount"], &sheet["stillOwed"]["amount"]),
            (&json!("0.00"), &json!("14.81"))
        );
        let done = play.approve(&play.stage.finance, &prepared).await.ok();
        // Nothing is paid out, so that it is at its end.
        assert_eq!(done["approveLeaving"]["leaving"]["status"], "SETTLED");
        let account = play.account.parse().unwrap();
        assert_eq!(play.booked(Account::Receivable(account)).await, 1_481);
        assert_eq!(play.booked(Account::PrepaymentLiability(account)).await, 0);
        // A second settlement has nothing more to credit.
        let again = play.preview(&play.desk, &play.leaving("2026-10-18", json!({}))).await.ok();
        assert_eq!(again["previewLeaving"]["stillOwed"]["amount"], "14.81");
    });
}

#[test]
fn an_unpaid_bill_is_only_owed_for_the_days_that_were_used() {
    run(async {
        let play = Play::tenancy().await;
        play.stage.run("2027-01").await;
        let leaving = play.leaving("2027-01-31", json!({}));
        let prepared = play.prepared(leaving).await;
        // The quarter of 1,221.63 is open; February and March are credited.
        let sheet = &prepared["sheet"];
        assert_eq!(
            (&sheet["owed"]["amount"], &sheet["credited"]["amount"]),
            (&json!("1221.63"), &json!("814.42"))
        );
        assert_eq!(sheet["stillOwed"]["amount"], "407.21");
        play.approve(&play.stage.finance, &prepared).await.ok();
        let account = play.account.parse().unwrap();
        assert_eq!(play.booked(Account::Receivable(account)).await, 40_721);
    });
}

#[test]
fn a_sheet_that_no_longer_holds_is_not_carried_out() {
    run(async {
        let play = Play::tenancy().await;
        let leaving = play.leaving("2026-10-18", json!({}));
        let prepared = play.prepared(leaving.clone()).await;
        let second = play.act(&play.desk, "prepareLeaving", json!({ "leaving": leaving })).await;
        assert_eq!(second.code(), "CONFLICT");
        play.pays("10.00", "later").await;
        assert_eq!(play.approve(&play.stage.finance, &prepared).await.code(), "CONFLICT");
        let input = json!({ "leavingId": prepared["id"], "reason": "重新编制" });
        play.act(&play.desk, "cancelLeaving", input).await.ok();
        assert_eq!(play.approve(&play.stage.finance, &prepared).await.code(), "CONFLICT");
        let done = play.settled(leaving).await;
        assert_eq!(done["sheet"]["net"]["amount"], "995.19");
        play.nothing_is_left().await;
    });
}

#[test]
fn preparing_approving_and_paying_out_are_three_people() {
    run(async {
        let play = Play::tenancy().await;
        let stage = &play.stage;
        let supervisor = stage.company.staff("SUP", stage.estate).await;
        let prepared = play.prepared(play.leaving("2026-10-18", json!({}))).await;
        let everything =
            [play.desk.user, play.cashier.user, stage.finance.user, stage.director.user];
        let users = everything.map(UserId::as_uuid);
        stage
            .company
            .change_policy(|policy| {
                let grant = |user, role: &str| Grant {
                    user,
                    role: role.to_owned(),
                    estate: None,
                    zone: Vec::new(),
                };
                policy.grants.extend(users[..2].iter().map(|user| grant(*user, "CFIN")));
                policy.grants.extend(users[2..].iter().map(|user| grant(*user, "CASH")));
            })
            .await;
        // Who prepared it, who took the money that goes back, whose limit ends below.
        for who in [&play.desk, &play.cashier, &supervisor] {
            assert_eq!(play.approve(who, &prepared).await.code(), "FORBIDDEN");
        }
        assert_eq!(play.pay(&play.cashier, &prepared).await.code(), "CONFLICT");
        play.approve(&stage.director, &prepared).await.ok();
        assert_eq!(play.pay(&stage.director, &prepared).await.code(), "FORBIDDEN");
        let unsigned = json!({ "leavingId": prepared["id"] });
        let unsigned = play.act(&play.cashier, "payLeaving", unsigned).await;
        assert_eq!((unsigned.code(), unsigned.field()), ("INVALID", "signedBy"));
        play.pay(&play.cashier, &prepared).await.ok();
    });
}

#[test]
fn directors_approve_up_to_1000() {
    run(async {
        let play = Play::tenancy().await;
        play.pays("100.00", "ahead").await;
        let prepared = play.prepared(play.leaving("2026-10-18", json!({}))).await;
        assert_eq!(prepared["sheet"]["paidOut"]["amount"], "1085.19");
        assert_eq!(play.approve(&play.stage.director, &prepared).await.code(), "FORBIDDEN");
        play.approve(&play.stage.finance, &prepared).await.ok();
    });
}

#[test]
fn what_is_not_of_the_account_and_its_estate_is_not_there() {
    run(async {
        let play = Play::tenancy().await;
        let stage = &play.stage;
        let elsewhere = stage.company.estate("NTH", "北苑").await;
        let stranger = stage.company.staff("DESK", elsewhere).await;
        let neighbour = stage.company.resident(stage.id()).await;
        let plain = play.leaving("2026-10-18", json!({}));
        for who in [&stranger, &neighbour] {
            assert_eq!(play.preview(who, &plain).await.code(), "NOT_FOUND");
            let answer = play.act(who, "prepareLeaving", json!({ "leaving": plain })).await;
            assert_eq!(answer.code(), "NOT_FOUND");
        }
        let answer = play.act(&stage.finance, "prepareLeaving", json!({ "leaving": plain })).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        let director = stage.company.staff("DIR", elsewhere).await;
        let item = director.send(
            "billing",
            "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }",
            json!({ "input": { "estateId": elsewhere.to_string(), "code": "WATER", "nameZh": "水费",
                "nameEn": "Water", "kind": "OTHER" } }),
        );
        let item = item.await.ok()["createFeeItem"]["feeItem"]["id"].take();
        let nobody = PersonId::from_uuid(stage.id()).to_string();
        for foreign in [
            json!({ "successorId": nobody }),
            json!({ "successorId": play.leaver.to_string() }),
            json!({ "depositIds": [crate::ids::DepositId::from_uuid(stage.id()).to_string()] }),
            json!({ "debits": [{ "feeItemId": item, "description": "水费", "amount": "1" }] }),
        ] {
            let leaving = play.leaving("2026-10-18", foreign);
            assert_eq!(play.preview(&play.desk, &leaving).await.code(), "NOT_FOUND");
        }
        // Whoever leaves sees the own settlement, nobody else's.
        let prepared = play.prepared(plain).await;
        let leaver = stage.company.resident(play.leaver.as_uuid()).await;
        let text = "query($id: ID!) { leaving(id: $id) { sheet { net { amount } } } }";
        let id = json!({ "id": prepared["id"] });
        let seen = leaver.send("billing", text, id.clone()).await.ok();
        assert_eq!(seen["leaving"]["sheet"]["net"]["amount"], "985.19");
        for who in [&neighbour, &stranger] {
            assert_eq!(who.send("billing", text, id.clone()).await.code(), "NOT_FOUND");
        }
        assert_eq!(play.approve(&leaver, &prepared).await.code(), "NOT_FOUND");
    });
}

#[test]
fn sixteen_at_once_settle_and_pay_once() {
    run(async {
        let play = Play::tenancy().await;
        let prepared = play.prepared(play.leaving("2026-10-18", json!({}))).await;
        let all = join_all((0..16).map(|_| play.approve(&play.stage.finance, &prepared))).await;
        assert_eq!(all.iter().filter(|answer| answer.errors.is_empty()).count(), 1);
        let all = join_all((0..16).map(|_| play.pay(&play.cashier, &prepared))).await;
        assert_eq!(all.iter().filter(|answer| answer.errors.is_empty()).count(), 1);
        let key = play.key();
        let input =
            json!({ "leaving": play.leaving("2026-12-31", json!({})), "idempotencyKey": key });
        let first = play.act(&play.desk, "prepareLeaving", input.clone()).await.ok();
        assert_eq!(play.act(&play.desk, "prepareLeaving", input).await.ok(), first);
        assert_eq!(play.booked(Account::Cash).await, 23_644);
        play.nothing_is_left().await;
    });
}
