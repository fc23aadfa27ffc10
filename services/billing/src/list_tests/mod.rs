//! No list costs a statement a row: each is asked of an estate with few rows and of one with many.

mod arrears;
mod charging;
mod deposits;
mod dunning;
mod openings;
mod owners;
mod papers;

use crate::{
    bank::list_rows as bank,
    service,
    testing::{Stage, member},
};
use contracts::{
    BuildingId, FileId, ImportId, UnitId,
    residents::{MemberKind, RosterImported, UnitUse},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use testkit::{
    Signed, World,
    lists::{FEW, MANY, assert_flat, list_fields},
    run,
};

/// An estate whose units all belong to one owner, who was billed, paid and asked for money back.
struct Rows {
    stage: Stage,
    owner: Signed,
    /// An account with many payments.
    account: Value,
    /// Opening balances with many rows.
    opening: Value,
    units: Vec<UnitId>,
    bank: bank::Made,
}

/// Who asks.
#[derive(Clone, Copy)]
enum Who {
    Finance,
    Owner,
}

/// A field, where its rows are in the answer, who asks for it, and with which document.
type List = (&'static str, &'static str, Who, &'static str);

const BILL: &str = "id status account { id name balance { amount } prepayment { amount } terms { cycle } } \
                    lines { amount { amount } feeItem { code } } \
                    lateFee { due { amount } } amountDue { total { amount } } waivers { id }";

fn lists() -> impl Iterator<Item = List> {
    let bank = bank::LISTS.into_iter().map(|(name, rows, asked)| (name, rows, Who::Finance, asked));
    let others = [
        arrears::lists(),
        charging::lists(),
        deposits::lists(),
        dunning::lists(),
        openings::lists(),
        owners::lists(),
        papers::lists(),
    ];
    main_lists().into_iter().chain(entity_lists()).chain(others.into_iter().flatten()).chain(bank)
}

fn main_lists() -> Vec<List> {
    use Who::{Finance, Owner};
    vec![
        (
            "Query.myBills",
            "/myBills/edges",
            Owner,
            "myBills(estateId: $estate, first: 100) { edges { node { BILL } } }",
        ),
        (
            "Query.myAccounts",
            "/myAccounts",
            Owner,
            "myAccounts { id balance { amount } owed { total { amount } } prepayment { amount } terms { cycle } \
             bills(first: 2) { edges { node { BILL } } } unit { balance { amount } } }",
        ),
        (
            "Query.myPayments",
            "/myPayments/edges",
            Owner,
            "myPayments(first: 100) { edges { node { id parts { billId } receipts { number } refunds { id } } } }",
        ),
        (
            "Query.payments",
            "/payments/edges",
            Finance,
            "payments(accountId: $account, first: 100) { edges { node { id parts { billId } receipts { number } refunds { id } } } }",
        ),
        (
            "Query.refunds",
            "/refunds/edges",
            Finance,
            "refunds(estateId: $estate, first: 100) { edges { node { id status receipts { number } } } }",
        ),
        (
            "Query.statement",
            "/statement/edges",
            Finance,
            "statement(accountId: $account, from: \"2026-07-31\", to: \"2026-07-31\", first: ROWS) { edges { node { __typename } } }",
        ),
        (
            "Query.ledgerEntries",
            "/ledgerEntries/edges",
            Finance,
            "ledgerEntries(estateId: $estate, first: ROWS) { edges { node { id lines { amount { amount } } } } }",
        ),
    ]
}

fn entity_lists() -> Vec<List> {
    use Who::{Finance, Owner};
    vec![
        (
            "Unit.bills",
            "/_entities",
            Finance,
            "_entities(representations: $units) { ... on Unit { bills(first: 2) { edges { node { BILL } } } } }",
        ),
        (
            "Unit.billingAccounts",
            "/_entities",
            Owner,
            "_entities(representations: $units) { ... on Unit { balance { amount } \
             bills(first: 2) { edges { node { id } } } \
             billingAccounts { id balance { amount } prepayment { amount } bills(first: 2) { edges { node { id } } } } } }",
        ),
        (
            "Estate.feeItems",
            "/_entities/0/feeItems",
            Finance,
            "_entities(representations: $estates) { ... on Estate { feeItems { id code } } }",
        ),
        (
            "Estate.feeStandards",
            "/_entities/0/feeStandards/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { feeStandards(first: 100) { edges { node { id feeItem { code } } } } } }",
        ),
        (
            "Estate.feeImports",
            "/_entities/0/feeImports/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { feeImports(first: 100) { edges { node { importId state } } } } }",
        ),
        (
            "Estate.billRuns",
            "/_entities/0/billRuns/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { billRuns(first: 100) { edges { node { id state } } } } }",
        ),
    ]
}

impl Rows {
    async fn make(world: &Arc<World>, rows: usize) -> Self {
        let stage = Stage::in_world(world).await;
        let (person, building) = (stage.person(), BuildingId::from_uuid(stage.id()));
        let labels: Vec<String> = (0..rows).map(|n| format!("3-1-{:04}", 101 + n)).collect();
        let wanted = labels.iter().map(|label| (label.as_str(), "100", UnitUse::Residential));
        let units = stage.units(building, "3", &wanted.collect::<Vec<_>>()).await;
        let owner = || member(person, "王芳", MemberKind::Owner, "2026-06-01", None);
        stage.members(units.iter().map(|unit| (*unit, vec![owner()])).collect()).await;
        let item = stage.property_fee().await;
        // Single charges are bills, of which each account has a few.
        let other = [("9-1-0101", "100", UnitUse::Residential)];
        let other = stage.units(BuildingId::from_uuid(stage.id()), "9", &other).await[0];
        let someone = member(stage.person(), "韩梅", MemberKind::Owner, "2026-06-01", None);
        stage.members(vec![(other, vec![someone])]).await;
        for unit in &units {
            charging::charge_otherwise(&stage, (*unit, other), &item).await;
        }
        for unit in &units[1..] {
            let item = stage
                .item(
                    &format!("OTHER{}", &stage.id().simple().to_string()[24..].to_uppercase()),
                    "PROPERTY_FEE",
                )
                .await;
            let place = crate::fees::Scope { unit: Some(*unit), ..Default::default() };
            stage.seeded(&item, "1.00", place).await;
        }
        for _ in 0..rows {
            stage.run("2026-06").await;
            let told = RosterImported {
                import: ImportId::from_uuid(stage.id()),
                estate: stage.estate,
                file: FileId::from_uuid(stage.id()),
                cut_over: "2026-06-01".parse().unwrap(),
                requested_by: stage.director.user.to_string(),
                file_name: "fees.xlsx".to_owned(),
                mapping: None,
            };
            stage.company.tell("residents", "billing", &told).await;
        }
        let account = stage.bills(units[0]).await[0]["account"]["id"].clone();
        let opening = openings::openings(&stage, &account, rows).await;
        let owner = stage.company.resident(person.as_uuid()).await;
        let wish = "mutation($input: SetReceiptMailInput!) { setReceiptMail(input: $input) { receiptMail { wanted } } }";
        let input =
            json!({ "accountId": account, "address": "wang@example.com", "language": "ZH" });
        owner.send("billing", wish, json!({ "input": input })).await.ok();
        let bank = bank::Made::default();
        let mut rows_ = Self { stage, owner, account, opening, units, bank };
        for number in 0..rows {
            crate::late_fees::tests::late_fees(&rows_.stage, json!({})).await;
            rows_.pay_and_ask_back().await;
            rows_.deposit_and_leave().await;
            rows_.close_and_disclose(number).await;
        }
        rows_.ask_and_spread().await;
        rows_.dun().await;
        for unit in &rows_.units {
            rows_.print_and_invoice(*unit).await;
        }
        let mut accounts = Vec::with_capacity(rows);
        for unit in &rows_.units {
            accounts.push(rows_.stage.bills(*unit).await[0]["account"]["id"].clone());
        }
        rows_.bank = bank::make(&rows_.stage, &accounts).await;
        rows_
    }

    async fn pay_and_ask_back(&self) {
        let stage = &self.stage;
        let cashier = stage.company.staff("CASH", stage.estate).await;
        let take =
            "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id } } }";
        let input = json!({ "accountId": self.account, "amount": "1.00", "till": "CASH",
            "idempotencyKey": stage.id().to_string() });
        let paid = cashier.send("billing", take, json!({ "input": input })).await.ok();
        let ask = "mutation($input: RequestRefundInput!) { requestRefund(input: $input) { refund { id } } }";
        let input = json!({ "paymentId": paid["takePayment"]["payment"]["id"], "amount": "1.00",
            "reason": "重复缴费", "idempotencyKey": stage.id().to_string() });
        self.owner.send("billing", ask, json!({ "input": input })).await.ok();
    }

    async fn ask(&self, (_, _, who, document): &List) -> testkit::Answer {
        let stage = &self.stage;
        let document =
            document.replace("BILL", BILL).replace("ROWS", &self.units.len().to_string());
        let reference = |kind: &str, id: String| json!({ "__typename": kind, "id": id });
        let units = self.units.iter().map(|unit| reference("Unit", unit.to_string()));
        let all = [
            ("estate", "ID!", json!(stage.estate.to_string())),
            ("account", "ID!", self.account.clone()),
            ("opening", "ID!", self.opening.clone()),
            ("bank", "ID!", self.bank.bank.clone()),
            ("line", "ID!", self.bank.line.clone()),
            ("units", "[_Any!]!", units.collect()),
            ("estates", "[_Any!]!", json!([reference("Estate", stage.estate.to_string())])),
        ];
        let words: BTreeSet<&str> =
            document.split(|c: char| c != '$' && !c.is_alphanumeric()).collect();
        let used = || all.iter().filter(|(name, _, _)| words.contains(format!("${name}").as_str()));
        let declared: Vec<String> = used().map(|(name, of, _)| format!("${name}: {of}")).collect();
        let head = if declared.is_empty() {
            "query".to_owned()
        } else {
            format!("query({})", declared.join(", "))
        };
        let variables: serde_json::Map<String, Value> =
            used().map(|(name, _, value)| ((*name).to_owned(), value.clone())).collect();
        let who = match who {
            Who::Finance => &stage.finance,
            Who::Owner => &self.owner,
        };
        who.send("billing", &format!("{head} {{ {document} }}"), Value::Object(variables)).await
    }
}

#[test]
fn no_list_costs_a_statement_a_row() {
    run(async {
        // A world of its own: statements are counted per database.
        let world = Arc::new(World::start(vec![service()], &[]).await);
        let (few, many) = (Rows::make(&world, FEW).await, Rows::make(&world, MANY).await);
        for list in lists() {
            let (name, rows, ..) = list;
            assert_flat((&world, "billing"), (name, rows), || few.ask(&list), || many.ask(&list))
                .await;
        }
    });
}

#[test]
fn every_list_is_asked() {
    let sdl = include_str!("../../schema.graphql");
    let asked: BTreeSet<String> = lists().map(|(name, ..)| (*name).to_owned()).collect();
    let there: BTreeSet<String> = ["Query", "Estate", "Unit"]
        .iter()
        .flat_map(|kind| {
            list_fields(sdl, kind).into_iter().map(move |field| format!("{kind}.{field}"))
        })
        .collect();
    assert!(there.contains("Query.myBills"), "{there:?}");
    assert_eq!(there, asked);
}
