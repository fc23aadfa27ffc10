//! Parking spaces in a settlement: given up alone while the account goes on, left with a home by whom
//! they do not pass to, and held by somebody who has no home here.

use super::Play;
use crate::{
    charges::Formula,
    documents::tests::{assert_says, printed},
    fees,
    ids::BillingAccountId,
    ledger::Account,
    seed,
};
use contracts::{
    ParkingSpaceId, PersonId,
    residents::{ParkingSpaceFact, ParkingSpacesChanged},
};
use money::Fen;
use serde_json::{Value, json};
use testkit::run;

impl Play {
    /// A space at 350.00 a month, held by somebody if `holder` says so.
    async fn space(&self, label: &str, holder: Option<PersonId>, of_unit: bool) -> ParkingSpaceId {
        let fact = ParkingSpaceFact {
            space: ParkingSpaceId::from_uuid(self.stage.id()),
            label: label.to_owned(),
            holder,
            holder_name: holder.map(|_| crate::testing::party_name("赵磊")),
            unit: of_unit.then_some(self.unit),
        };
        let space = fact.space;
        let told = ParkingSpacesChanged { estate: self.stage.estate, spaces: vec![fact] };
        self.stage.company.tell("residents", "billing", &told).await;
        space
    }

    async fn parking(&self) -> String {
        let item = self.stage.item("PARKING", "PARKING").await;
        let company = &self.stage.company;
        let scope = company.world.db("billing").write(company.tenant).await.unwrap();
        let price = seed::Price {
            item: item.parse().unwrap(),
            place: fees::Scope::default(),
            formula: Formula::PerParkingSpace { price: Fen(35_000) },
            from: "2020-01-01".parse().unwrap(),
        };
        seed::price(&scope, self.stage.estate, &price).await.unwrap();
        scope.commit().await.unwrap();
        item
    }

    async fn sheet(&self, leaving: &Value) -> Value {
        let text = "query($input: LeavingInput!) { previewLeaving(input: $input) { net { amount } credited { amount } \
                    owed { amount } prepayment { amount } unused { passes from kept { amount } amount { amount } } } }";
        let input = json!({ "input": leaving });
        self.desk.send("billing", text, input).await.ok()["previewLeaving"].take()
    }

    async fn owned_by(&self, person: PersonId, estate_wide: bool) -> Vec<Value> {
        let text = "query($id: ID!) { billingAccount(id: $id) { bills(first: 10) { edges { node { total { amount } lines { amount { amount } } } } } } }";
        let company = &self.stage.company;
        let scope = company.world.db("billing").read(company.tenant).await.unwrap();
        let accounts = crate::accounts::of_party(&scope, person.as_uuid()).await.unwrap();
        drop(scope);
        let account = accounts.iter().find(|it| it.debtor.unit.is_none() == estate_wide).unwrap();
        let id = json!({ "id": account.id.to_string() });
        let seen = self.stage.finance.send("billing", text, id).await.ok();
        seen["billingAccount"]["bills"]["edges"].as_array().unwrap().clone()
    }
}

fn unused(sheet: &Value) -> Vec<(&str, bool)> {
    let parts = sheet["unused"].as_array().unwrap().iter();
    parts.map(|it| (it["amount"]["amount"].as_str().unwrap(), it["passes"] == true)).collect()
}

/// Scenario 5 with a home that the owner keeps: 90 m² at 2.35, and the space.
async fn owner_with_a_space() -> (Play, ParkingSpaceId) {
    let mut play = Play::new("2026-08-20T04:00:00Z").await;
    let building = contracts::BuildingId::from_uuid(play.stage.id());
    let units = [("1-1-0101", "90", contracts::residents::UnitUse::Residential)];
    play.unit = play.stage.units(building, "1", &units).await[0];
    let kind = contracts::residents::MemberKind::Owner;
    let owner = crate::testing::member(play.leaver, "李强", kind, "2026-07-01", None);
    play.stage.members(vec![(play.unit, vec![owner])]).await;
    let space = play.space("B1-143", None, true).await;
    play.item = play.parking().await;
    play.stage.property_fee().await;
    play.stage.run("2026-07").await;
    play.billed("2026-07", "1684.50").await;
    play.pays("1684.50", "payment").await;
    (play, space)
}

#[test]
fn a_space_is_given_up_alone_and_the_home_goes_on() {
    run(async {
        let (play, space) = owner_with_a_space().await;
        let deposit = play.deposits().await;
        play.pays("100.00", "ahead").await;
        // All of the account would be the home as well.
        let all = play.sheet(&play.leaving("2026-08-20", json!({}))).await;
        assert_eq!(unused(&all).len(), 4);
        let more = json!({ "spaceIds": [space.to_string()], "depositIds": [deposit] });
        let leaving = play.leaving("2026-08-20", more);
        let sheet = play.sheet(&leaving).await;
        assert_eq!(unused(&sheet), [("124.19", false), ("350.00", false)]);
        assert_eq!(
            (&sheet["net"]["amount"], &sheet["prepayment"]["amount"]),
            (&json!("524.19"), &json!("0.00"))
        );
        play.settled(leaving).await;
        // What is paid ahead stays, and the home's days are charged as they were.
        let account: BillingAccountId = play.account.parse().unwrap();
        assert_eq!(play.booked(Account::PrepaymentLiability(account)).await, -10_000);
        assert_eq!(play.booked(Account::DepositLiability(account)).await, 0);
        let rent = Account::Revenue(play.item.parse().unwrap());
        assert_eq!(play.booked(rent).await, -(105_000 - 47_419));
        let again = play.leaving("2026-08-20", json!({ "spaceIds": [space.to_string()] }));
        let again = play.sheet(&again).await;
        assert_eq!((unused(&again).len(), &again["net"]["amount"]), (0, &json!("0.00")));
    });
}

#[test]
fn a_bill_that_is_not_due_is_left_to_who_stays_unless_its_space_is_credited() {
    run(async {
        let (play, space) = owner_with_a_space().await;
        // Due on 15 October.
        play.stage.run("2026-10").await;
        let leaving = play.leaving("2026-08-20", json!({ "spaceIds": [space.to_string()] }));
        let sheet = play.sheet(&leaving).await;
        // 124.19 and September of the quarter paid, October to December of the one that is not.
        assert_eq!(sheet["credited"]["amount"], "1524.19");
        assert_eq!(
            (&sheet["owed"]["amount"], &sheet["net"]["amount"]),
            (&json!("1684.50"), &json!("-160.31"))
        );
        let done = play.prepared(leaving).await;
        play.approve(&play.stage.finance, &done).await.ok();
        let account = play.account.parse().unwrap();
        // The home's quarter of 634.50, less what was left of the credit.
        assert_eq!(play.booked(Account::Receivable(account)).await, 16_031);
        assert_eq!(play.booked(Account::PrepaymentLiability(account)).await, 0);
        let home = play.leaving("2026-12-31", json!({ "spaceIds": [space.to_string()] }));
        assert_eq!(play.sheet(&home).await["owed"]["amount"], "0.00", "it is not due");
    });
}

#[test]
fn whoever_comes_into_the_home_does_not_take_over_the_leavers_space() {
    run(async {
        let play = Play::tenancy().await;
        play.space("B1-143", Some(play.leaver), true).await;
        play.space("B1-144", None, true).await;
        play.parking().await;
        play.stage.run("2026-10").await;
        play.pays("2100.00", "spaces").await;
        let owner = play.owner.unwrap();
        let leaving = play.leaving("2026-10-18", json!({ "successorId": owner.to_string() }));
        let sheet = play.sheet(&leaving).await;
        let mut parts = unused(&sheet);
        parts.sort_unstable();
        // 350.00 × 18/31 = 203.23 are used of either space; the owner takes over one of them.
        let expected = [
            ("146.77", false),
            ("146.77", true),
            ("170.77", true),
            ("350.00", false),
            ("350.00", false),
            ("350.00", true),
            ("350.00", true),
            ("407.21", true),
            ("407.21", true),
        ];
        assert_eq!(parts, expected);
        let done = play.settled(leaving).await;
        play.nothing_is_left().await;
        let bills = play.owned_by(owner, false).await;
        let lines = bills[0]["node"]["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 6, "the home and the space that belongs to it: {done}");
    });
}

#[test]
fn who_has_a_space_and_no_home_leaves_it_to_whoever_takes_it_over() {
    run(async {
        let mut play = Play::tenancy().await;
        let holder = play.stage.person();
        let space = play.space("C1-007", Some(holder), false).await;
        play.parking().await;
        play.stage.run("2026-10").await;
        let company = &play.stage.company;
        let scope = company.world.db("billing").read(company.tenant).await.unwrap();
        let account = crate::accounts::of_party(&scope, holder.as_uuid()).await.unwrap().remove(0);
        drop(scope);
        assert_eq!(account.debtor.unit, None);
        let home = std::mem::replace(&mut play.account, account.id.to_string());
        play.pays("1050.00", "space").await;
        let next = play.leaver;
        let nobody = play.stage.person().to_string();
        let unknown = play.leaving("2026-10-18", json!({ "successorId": nobody }));
        assert_eq!(play.preview(&play.desk, &unknown).await.code(), "NOT_FOUND");
        let foreign =
            json!({ "spaceIds": [ParkingSpaceId::from_uuid(play.stage.id()).to_string()] });
        let foreign = play.leaving("2026-10-18", foreign);
        assert_eq!(play.preview(&play.desk, &foreign).await.code(), "NOT_FOUND");
        let leaving = play.leaving("2026-10-18", json!({ "successorId": next.to_string() }));
        let done = play.settled(leaving).await;
        assert_eq!(done["sheet"]["net"]["amount"], "846.77");
        play.nothing_is_left().await;
        let bills = play.owned_by(next, true).await;
        assert_eq!(bills[0]["node"]["total"]["amount"], "846.77");
        // Once the space is theirs a run finds its days charged.
        let fact = ParkingSpaceFact {
            space,
            label: "C1-007".to_owned(),
            holder: Some(next),
            holder_name: Some(crate::testing::party_name("赵磊")),
            unit: None,
        };
        let told = ParkingSpacesChanged { estate: play.stage.estate, spaces: vec![fact] };
        play.stage.company.tell("residents", "billing", &told).await;
        assert_eq!(play.stage.run("2026-11").await["bills"], 0);
        let world = &play.stage.company.world;
        let input = json!({ "leavingId": done["id"], "language": "ZH" });
        let (_, pdf) = printed(&play.desk, world, "printSettlementSheet", input).await;
        assert_says(&pdf, &["结算单", "846.77", "人民币捌佰肆拾陆元柒角柒分"]);
        // A space of somebody else is not the home's to give up.
        play.account = home;
        let other = play
            .leaving("2026-10-18", json!({ "spaceIds": [space.to_string(), space.to_string()] }));
        let refused = play.preview(&play.desk, &other).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "spaceIds"));
    });
}
