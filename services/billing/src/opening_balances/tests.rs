//! Opening balances through the graph: drafted, confirmed by totals, posted once, reversed.

use crate::testing::Stage;
use contracts::UnitId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const FIELDS: &str = "id state bookedOn wrongRows knownRows totals { kind count sum { amount } }";

pub(super) struct Scene {
    pub stage: Stage,
    pub admin: Signed,
    pub unit: UnitId,
}

impl Scene {
    pub async fn new() -> Self {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.terms(json!({ "cutOverMonth": "2026-07" })).await.ok();
        let admin = stage.company.staff("CADM", None).await;
        Self { stage, admin, unit }
    }

    pub async fn act(&self, who: &Signed, name: &str, input: Value) -> Answer {
        let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation($input: {upper}Input!) {{ {name}(input: $input) {{ openingBalances {{ {FIELDS} }} }} }}"
        );
        who.send("billing", &text, json!({ "input": input })).await
    }

    pub async fn draft(&self, rows: Value) -> Value {
        let input = json!({ "estateId": self.stage.estate.to_string(), "rows": rows,
            "idempotencyKey": self.stage.id().to_string() });
        let drafted = self.act(&self.admin, "draftOpeningBalances", input).await.ok();
        drafted["draftOpeningBalances"]["openingBalances"].clone()
    }

    pub async fn confirm(&self, who: &Signed, id: &Value, totals: Value, key: &str) -> Answer {
        let input = json!({ "id": id, "totals": totals, "idempotencyKey": key });
        self.act(who, "confirmOpeningBalances", input).await
    }

    pub async fn reverse(&self, id: &Value) -> Answer {
        let key = self.stage.id().to_string();
        let input = json!({ "id": id, "reason": "导入有误", "idempotencyKey": key });
        self.act(&self.stage.finance, "reverseOpeningBalances", input).await
    }

    /// The trial balance by code, debit above zero; the books agree and sum to zero.
    pub async fn books(&self) -> Value {
        let query = "trialBalance(estateId: $estate, on: \"2026-12-31\") { debit { amount } credit { amount } \
                     rows { code debit { amount } credit { amount } } } \
                     verifyLedger(estateId: $estate) { agrees }";
        let seen = self.stage.ask(&self.stage.finance, query).await.ok();
        assert_eq!(seen["verifyLedger"]["agrees"], true);
        assert_eq!(seen["trialBalance"]["debit"], seen["trialBalance"]["credit"]);
        let rows = seen["trialBalance"]["rows"].as_array().unwrap().iter();
        rows.map(|row| {
            let side = |name: &str| row[name]["amount"].as_str().map(str::to_owned);
            let amount =
                side("debit").or_else(|| side("credit").map(|amount| format!("-{amount}")));
            (row["code"].as_str().unwrap().to_owned(), json!(amount))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
    }
}

/// Two months of arrears, a prepayment and a deposit of the owner; 557.24, 100 and 2,000.
fn rows() -> Value {
    json!([
        { "kind": "ARREARS", "unitLabel": "3-1-1201", "payerName": "王芳", "itemCode": "PROPERTY",
          "month": "2026-05", "due": "2026-05-15", "amount": "278.62" },
        { "kind": "ARREARS", "unitLabel": "3-1-1201", "itemCode": "PROPERTY", "month": "2026-06",
          "due": "2026-06-15", "amount": "278.62" },
        { "kind": "PREPAYMENT", "unitLabel": "3-1-1201", "amount": "100" },
        { "kind": "DEPOSIT", "unitLabel": "3-1-1201", "amount": "2000.00", "note": "装修押金" },
    ])
}

fn totals() -> Value {
    json!([
        { "kind": "ARREARS", "count": 2, "sum": "557.24" },
        { "kind": "DEPOSIT", "count": 1, "sum": "2000" },
        { "kind": "PREPAYMENT", "count": 1, "sum": "100" },
    ])
}

#[test]
fn arrears_become_open_bills_and_the_rest_balances_of_the_day_before() {
    run(async {
        let scene = Scene::new().await;
        let draft = scene.draft(rows()).await;
        assert_eq!((&draft["state"], &draft["bookedOn"]), (&json!("DRAFT"), &json!("2026-06-30")));
        assert_eq!(scene.books().await, json!({}));
        let stage = &scene.stage;
        let posted = scene.confirm(&stage.finance, &draft["id"], totals(), "key-0001").await.ok();
        let again = scene.confirm(&stage.finance, &draft["id"], totals(), "key-0001").await.ok();
        assert_eq!(posted, again);
        assert_eq!(posted["confirmOpeningBalances"]["openingBalances"]["state"], "POSTED");
        let want =
            json!({ "1122": "557.24", "2203": "-100.00", "2241": "-2000.00", "4101": "1542.76" });
        assert_eq!(scene.books().await, want);
        let bills = stage.bills(scene.unit).await;
        let seen: Vec<_> = bills
            .iter()
            .map(|it| (&it["firstMonth"], &it["due"], &it["status"], &it["account"]["name"]))
            .collect();
        let month = |month: &str, due: &str| (json!(month), json!(due));
        for (n, (first, due)) in
            [month("2026-06", "2026-06-15"), month("2026-05", "2026-05-15")].iter().enumerate()
        {
            assert!(
                seen.contains(&(first, due, &json!("OVERDUE"), &json!("王*"))),
                "{n}: {seen:?}"
            );
        }
        let lines = stage
            .unit(
                &stage.finance,
                scene.unit,
                "bills { edges { node { issuedOn lines { description payerKind feeItem { code } } } } }",
            )
            .await
            .ok();
        let want = json!({ "issuedOn": "2026-06-30", "lines": [{ "description": "期初余额 / Opening balance",
            "payerKind": "OWNER", "feeItem": { "code": "PROPERTY" } }] });
        assert_eq!(lines["_entities"][0]["bills"]["edges"][0]["node"], want);
        // A run charges from the cut-over on, and what was paid ahead meets the oldest debt.
        stage.run("2026-07").await;
        let oldest = stage.bill_from(scene.unit, "2026-05").await;
        assert_eq!(oldest["settled"]["amount"], "100.00");
        assert_eq!(scene.books().await["2203"], Value::Null);
    });
}

#[test]
fn the_same_file_again_brings_nothing_twice() {
    run(async {
        let scene = Scene::new().await;
        let finance = &scene.stage.finance;
        let first = scene.draft(rows()).await;
        // A second draft of the same, before the first is posted.
        let second = scene.draft(rows()).await;
        scene.confirm(finance, &first["id"], totals(), "key-0001").await.ok();
        let books = scene.books().await;
        let overtaken = scene.confirm(finance, &second["id"], totals(), "key-0002").await;
        assert_eq!(overtaken.code(), "CONFLICT");
        let third = scene.draft(rows()).await;
        assert_eq!((&third["knownRows"], &third["totals"]), (&json!(4), &json!([])));
        let nothing = scene.confirm(finance, &third["id"], json!([]), "key-0003").await;
        assert_eq!(
            (nothing.code(), nothing.message()),
            ("CONFLICT", "there is nothing new to post")
        );
        let mut other = rows();
        other[2]["amount"] = json!("100.01");
        let other = scene.draft(other).await;
        assert_eq!((&other["knownRows"], &other["wrongRows"]), (&json!(3), &json!(1)));
        assert_eq!(scene.books().await, books);
    });
}

#[test]
fn every_wrong_row_is_named_and_nothing_is_posted() {
    run(async {
        let scene = Scene::new().await;
        let arrears = |change: Value| {
            let mut row = rows()[0].clone();
            row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            row
        };
        let draft = scene
            .draft(json!([
                arrears(json!({})),
                arrears(json!({})),
                arrears(json!({ "unitLabel": "9-9-9999" })),
                arrears(json!({ "payerName": "李强" })),
                arrears(json!({ "itemCode": "WATER" })),
                arrears(json!({ "month": "2026-07" })),
                arrears(json!({ "month": "2026-04", "due": null })),
                { "kind": "DEPOSIT", "unitLabel": "3-1-1201", "amount": "1" },
                { "kind": "PREPAYMENT", "amount": "1" },
            ]))
            .await;
        assert_eq!(draft["wrongRows"], 8);
        let query = "query($id: ID!) { openingRows(openingId: $id, state: WRONG) { edges { node { place problem unitLabel } } } }";
        let seen = scene.admin.send("billing", query, json!({ "id": draft["id"] })).await.ok();
        let named: Vec<_> = seen["openingRows"]["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| {
                (edge["node"]["place"].as_i64().unwrap(), edge["node"]["problem"].as_str().unwrap())
            })
            .collect();
        let want = [
            (2, "an earlier row says the same"),
            (3, "there is no such unit in the estate"),
            (4, "nobody of that name pays for the unit"),
            (5, "there is no fee item of that code in the estate"),
            (6, "must be before the cut-over month"),
            (7, "the due date must be given and not be before the month"),
            (8, "what the deposit is for must be said in 1 to 100 characters"),
            (9, "neither an account nor a unit is named"),
        ];
        assert_eq!(named, want);
        let totals = json!([{ "kind": "ARREARS", "count": 1, "sum": "278.62" }]);
        let refused = scene.confirm(&scene.stage.finance, &draft["id"], totals, "key-0001").await;
        assert_eq!(
            (refused.code(), refused.message()),
            ("CONFLICT", "8 rows are wrong: draft them anew")
        );
        assert_eq!(scene.books().await, json!({}));
        let input = json!({ "id": draft["id"], "reason": "重新整理" });
        let gone = scene.act(&scene.admin, "withdrawOpeningBalances", input).await.ok();
        assert_eq!(gone["withdrawOpeningBalances"]["openingBalances"]["state"], "WITHDRAWN");
    });
}

#[test]
fn wrong_totals_and_the_same_person_are_refused() {
    run(async {
        let scene = Scene::new().await;
        let stage = &scene.stage;
        let draft = scene.draft(rows()).await;
        let mut wrong = totals();
        wrong[0]["sum"] = json!("557.25");
        let refused = scene.confirm(&stage.finance, &draft["id"], wrong, "key-0001").await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "totals"));
        let grant = authz::Grant {
            user: scene.admin.user.as_uuid(),
            role: "CFIN".to_owned(),
            estate: None,
            zone: Vec::new(),
        };
        let before = scene.confirm(&scene.admin, &draft["id"], totals(), "key-0002").await;
        assert!(before.message().contains("opening_balance.confirm"), "{}", before.message());
        stage.company.change_policy(|policy| policy.grants.push(grant)).await;
        let own = scene.confirm(&scene.admin, &draft["id"], totals(), "key-0002").await;
        assert_eq!(own.code(), "FORBIDDEN");
        assert!(own.message().contains("whoever drafted"), "{}", own.message());
        // Nobody else sees it: another estate's director, another company's finance.
        let elsewhere = stage.company.estate("NTH", "北苑").await;
        let stranger = stage.company.staff("DIR", elsewhere).await;
        let foreign = Stage::new().await;
        for who in [&stranger, &foreign.finance] {
            let refused = scene.confirm(who, &draft["id"], totals(), "key-0003").await;
            assert_eq!((refused.code(), refused.message()), ("NOT_FOUND", "not found"));
        }
        assert_eq!(scene.books().await, json!({}));
    });
}

#[test]
fn an_account_of_another_estate_is_hidden() {
    run(async {
        let scene = Scene::new().await;
        let other = Scene::new().await;
        let draft = other.draft(rows()).await;
        other.confirm(&other.stage.finance, &draft["id"], totals(), "key-0001").await.ok();
        let account = other.stage.bills(other.unit).await[0]["account"]["id"].clone();
        let missing = json!(format!("bac_{}", scene.stage.id().simple()));
        for account in [account, missing] {
            let input = json!({ "estateId": scene.stage.estate.to_string(), "idempotencyKey": "key-0001",
                "rows": [{ "kind": "PREPAYMENT", "accountId": account, "amount": "1" }] });
            let refused = scene.act(&scene.admin, "draftOpeningBalances", input).await;
            assert_eq!((refused.code(), refused.message()), ("NOT_FOUND", "not found"));
        }
    });
}

#[test]
fn the_whole_is_reversed_while_nothing_of_it_is_paid() {
    run(async {
        let scene = Scene::new().await;
        let stage = &scene.stage;
        let draft = scene.draft(rows()).await;
        scene.confirm(&stage.finance, &draft["id"], totals(), "key-0001").await.ok();
        scene.reverse(&draft["id"]).await.ok();
        assert_eq!(scene.books().await, json!({}));
        assert!(stage.bills(scene.unit).await.iter().all(|bill| bill["status"] == "VOIDED"));
        assert_eq!(scene.reverse(&draft["id"]).await.code(), "CONFLICT");
        // The same rows can come again, and once one fen is paid they stay.
        let again = scene.draft(rows()).await;
        assert_eq!(again["knownRows"], 0);
        scene.confirm(&stage.finance, &again["id"], totals(), "key-0002").await.ok();
        let bill = stage.bill_from(scene.unit, "2026-06").await;
        stage.pay(&bill["id"], &bill["account"]["id"], 1).await;
        let used = scene.reverse(&again["id"]).await;
        assert_eq!(
            (used.code(), used.message()),
            ("CONFLICT", "something of it is paid or used already")
        );
    });
}

#[test]
fn more_rows_are_added_and_a_repeated_batch_is_one() {
    run(async {
        let scene = Scene::new().await;
        let all = rows();
        let draft = scene.draft(json!([all[0]])).await;
        let input = json!({ "id": draft["id"], "rows": [all[1], all[2], all[3]], "idempotencyKey": "key-0001" });
        for _ in 0..2 {
            let added = scene.act(&scene.admin, "addOpeningBalances", input.clone()).await.ok();
            let added = &added["addOpeningBalances"]["openingBalances"];
            assert_eq!(
                added["totals"][0],
                json!({ "kind": "ARREARS", "count": 2, "sum": { "amount": "557.24" } })
            );
        }
        let finance = &scene.stage.finance;
        scene.confirm(finance, &draft["id"], totals(), "key-0001").await.ok();
        let late = json!({ "id": draft["id"], "rows": [all[0]], "idempotencyKey": "key-0002" });
        assert_eq!(scene.act(&scene.admin, "addOpeningBalances", late).await.code(), "CONFLICT");
    });
}
