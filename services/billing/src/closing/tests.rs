//! Months through the graph, at the same time as postings, and by SQL as the application role.

use crate::{
    ledger::{self, Entry, Posting, Till},
    stage::{Debt, Scene, scene},
};
use authz::Grant;
use errors::{Code, Coded as _};
use futures::future::join_all;
use money::{Currency, Fen};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{Answer, Backend, Signed, raw_connection, run};

pub(crate) const DAY: i64 = 86_400;

/// An estate whose owner owes 835.86 of July and paid 500.00 of it.
pub(crate) async fn july() -> (Scene, Debt) {
    let scene = scene().await;
    let debt = scene.owes("card-1", 83_586).await;
    scene.take(&scene.cashier, &debt.account, "500", "key-0001").await.ok();
    (scene, debt)
}

pub(crate) async fn act(
    scene: &Scene,
    who: &Signed,
    field: &str,
    month: &str,
    key: &str,
) -> Answer {
    let mut input =
        json!({ "estateId": scene.estate.to_string(), "month": month, "idempotencyKey": key });
    if field == "requestMonthReopening" {
        input["reason"] = json!("漏记一笔退款");
    }
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {field}(input: $input) {{ bookMonth {{ month state version reopening {{ reason }} }} }} }}"
    );
    who.send("billing", &document, json!({ "input": input })).await
}

/// Begins to close a month and closes it, as finance.
pub(crate) async fn closed(scene: &Scene, month: &str) {
    let key = |act: &str| format!("{act}-{month}-{}", scene.stage.world.clock.now().timestamp());
    act(scene, &scene.finance, "startMonthClose", month, &key("start")).await.ok();
    let done = act(scene, &scene.finance, "closeMonth", month, &key("close")).await.ok();
    assert_eq!(done["closeMonth"]["bookMonth"]["state"], "CLOSED");
}

pub(crate) async fn ask(scene: &Scene, who: &Signed, query: &str) -> Answer {
    let document = format!("query($estate: ID!) {{ {query} }}");
    who.send("billing", &document, json!({ "estate": scene.estate.to_string() })).await
}

/// Posts 1.00 paid ahead, dated `day`.
async fn ahead(scene: &Scene, account: &str, day: &str) -> Result<(), Code> {
    let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
    let account = account.parse().unwrap();
    let entry = Entry::payment(Till::Cash, account, Fen::ZERO, Fen(100), Currency::CNY);
    let posting = Posting {
        estate: scene.estate,
        entry: entry.unwrap(),
        date: day.parse().unwrap(),
        source: "pay_test".to_owned(),
        memo: String::new(),
    };
    ledger::post(&scope, posting).await.map_err(|error| error.code())?;
    scope.commit().await.map_err(|error| error.code())
}

#[test]
fn months_close_in_order_when_they_are_over_in_the_estate() {
    run(async {
        let (scene, debt) = july().await;
        scene.later(12 * 3600 - 60);
        // 23:59 in Shanghai.
        let early = act(&scene, &scene.cashier, "startMonthClose", "2026-07", "start-01").await;
        assert_eq!(early.code(), "CONFLICT");
        scene.later(120);
        let unbegun = act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await;
        assert_eq!(unbegun.code(), "CONFLICT");
        act(&scene, &scene.cashier, "startMonthClose", "2026-07", "start-01").await.ok();
        // What is posted while somebody works through the checklist is still the month's.
        ahead(&scene, &debt.account, "2026-07-31").await.unwrap();
        let by_cashier = act(&scene, &scene.cashier, "closeMonth", "2026-07", "close-01").await;
        assert_eq!(by_cashier.code(), "FORBIDDEN");
        act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await.ok();

        assert_eq!(ahead(&scene, &debt.account, "2026-07-31").await, Err(Code::Conflict));
        ahead(&scene, &debt.account, "2026-08-01").await.unwrap();
        // What people do today is dated today.
        scene.take(&scene.cashier, &debt.account, "100", "key-0002").await.ok();

        scene.later(62 * DAY);
        let skipping = act(&scene, &scene.finance, "startMonthClose", "2026-09", "start-02").await;
        assert_eq!(skipping.code(), "CONFLICT");
        assert!(skipping.message().contains("2026-08"), "{}", skipping.message());
        closed(&scene, "2026-08").await;
        closed(&scene, "2026-09").await;
        let query = "bookMonths(estateId: $estate) { nodes { month state version } }";
        let seen = ask(&scene, &scene.director, query).await.ok();
        let months = seen["bookMonths"]["nodes"].as_array().unwrap().clone();
        let months: Vec<&str> = months.iter().map(|it| it["month"].as_str().unwrap()).collect();
        assert_eq!(months, ["2026-09", "2026-08", "2026-07"]);
    });
}

#[test]
fn a_month_is_opened_again_by_two_persons_and_closed_as_a_new_version() {
    run(async {
        let (scene, debt) = july().await;
        scene.later(DAY);
        closed(&scene, "2026-07").await;
        let report = "monthReport(estateId: $estate, month: \"2026-07\") { version versions \
                      totals { received { amount } owedInBooks { amount } open { total { amount } } } \
                      prepayments { closing { amount } } }";
        let first = ask(&scene, &scene.director, report).await.ok()["monthReport"].take();
        assert_eq!(first["totals"]["received"]["amount"], "500.00");
        assert_eq!(first["totals"]["owedInBooks"]["amount"], "335.86");
        assert_eq!(first["totals"]["open"]["total"]["amount"], "335.86");
        // August changes nothing of it.
        scene.take(&scene.cashier, &debt.account, "300", "key-0002").await.ok();
        let again = ask(&scene, &scene.director, report).await.ok()["monthReport"].take();
        assert_eq!(again, first);

        let by_finance =
            act(&scene, &scene.finance, "requestMonthReopening", "2026-07", "ask-0001").await;
        assert_eq!(by_finance.code(), "FORBIDDEN");
        let unasked = act(&scene, &scene.finance, "reopenMonth", "2026-07", "open-0001").await;
        assert_eq!(unasked.code(), "CONFLICT");
        act(&scene, &scene.director, "requestMonthReopening", "2026-07", "ask-0001").await.ok();
        // Asked for, it is still closed.
        assert_eq!(ahead(&scene, &debt.account, "2026-07-31").await, Err(Code::Conflict));
        let user = scene.director.user.as_uuid();
        let finance = Grant { user, role: "CFIN".to_owned(), estate: None, zone: Vec::new() };
        scene.company.change_policy(|policy| policy.grants.push(finance)).await;
        let alone = act(&scene, &scene.director, "reopenMonth", "2026-07", "open-0001").await;
        assert_eq!(alone.code(), "FORBIDDEN");
        let opened = act(&scene, &scene.finance, "reopenMonth", "2026-07", "open-0001").await.ok();
        assert_eq!(opened["reopenMonth"]["bookMonth"]["state"], "OPEN");

        ahead(&scene, &debt.account, "2026-07-31").await.unwrap();
        let live = ask(&scene, &scene.director, report).await.ok()["monthReport"].take();
        assert_eq!((&live["version"], &live["versions"]), (&Value::Null, &json!(1)));
        // The payment of August is not the month's.
        assert_eq!(live["totals"]["received"]["amount"], "500.00");
        scene.later(1);
        closed(&scene, "2026-07").await;
        let second = ask(&scene, &scene.director, report).await.ok()["monthReport"].take();
        assert_eq!((&second["version"], &second["versions"]), (&json!(2), &json!(2)));
        assert_eq!(second["prepayments"]["closing"]["amount"], "1.00");
        let old = report.replace("\"2026-07\")", "\"2026-07\", version: 1)");
        let mut old = ask(&scene, &scene.director, &old).await.ok()["monthReport"].take();
        old["versions"] = json!(1);
        assert_eq!(old, first);
    });
}

#[test]
fn only_the_latest_month_is_opened_again() {
    run(async {
        let (scene, _) = july().await;
        scene.later(32 * DAY);
        closed(&scene, "2026-07").await;
        closed(&scene, "2026-08").await;
        let early = act(&scene, &scene.director, "requestMonthReopening", "2026-07", "ask-0001");
        let early = early.await;
        assert_eq!(early.code(), "CONFLICT");
        assert!(early.message().contains("2026-08"), "{}", early.message());
    });
}

#[test]
fn an_entry_at_the_moment_of_closing_is_in_the_report_or_refused() {
    run(async {
        let (scene, debt) = july().await;
        scene.later(DAY);
        act(&scene, &scene.finance, "startMonthClose", "2026-07", "start-01").await.ok();
        let postings = join_all((0..24).map(|_| ahead(&scene, &debt.account, "2026-07-31")));
        let close = act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01");
        let (posted, done) = tokio::join!(postings, close);
        done.ok();
        let refused = posted.iter().filter(|one| **one == Err(Code::Conflict)).count();
        let kept = posted.iter().filter(|one| one.is_ok()).count();
        assert_eq!(refused + kept, posted.len(), "{posted:?}");
        let query = "monthReport(estateId: $estate, month: \"2026-07\") { version prepayments { closing { amount } } } \
                     verifyLedger(estateId: $estate) { agrees } \
                     trialBalance(estateId: $estate, on: \"2026-07-31\") { rows { code credit { amount } } }";
        let seen = ask(&scene, &scene.finance, query).await.ok();
        let expected = format!("{kept}.00");
        assert_eq!(seen["monthReport"]["prepayments"]["closing"]["amount"], expected.as_str());
        assert_eq!(seen["verifyLedger"]["agrees"], true);
        let ahead_in_books: Vec<&Value> = seen["trialBalance"]["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["code"] == "2203")
            .map(|row| &row["credit"]["amount"])
            .collect();
        assert!(kept == 0 || ahead_in_books == [&json!(expected)]);
        assert_eq!(ahead(&scene, &debt.account, "2026-07-31").await, Err(Code::Conflict));
    });
}

#[test]
fn an_open_item_of_the_checklist_keeps_a_month_open() {
    run(async {
        let (scene, _) = july().await;
        scene.later(DAY);
        act(&scene, &scene.finance, "startMonthClose", "2026-07", "start-01").await.ok();
        let query = "closeChecklist(estateId: $estate, month: \"2026-07\") { done items { code title count link } }";
        let seen = ask(&scene, &scene.director, query).await.ok()["closeChecklist"].take();
        assert_eq!(seen["done"], true, "{seen}");
        let connection = by_hand(&scene).await;
        let change = |by: &str| {
            format!(
                "UPDATE daily_totals SET amount = amount {by} WHERE code = '1122' AND estate_id = {}",
                sql_id(&scene, scene.estate.as_uuid())
            )
        };
        connection.execute_unprepared(&change("+ 1")).await.unwrap();
        let seen = ask(&scene, &scene.director, query).await.ok()["closeChecklist"].take();
        let open: Vec<&Value> = seen["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["count"] != 0)
            .map(|item| &item["code"])
            .collect();
        assert_eq!(open, [&json!("LEDGER_AGREES"), &json!("TRIAL_BALANCE")]);
        let refused = act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await;
        assert_eq!(refused.code(), "CONFLICT");
        connection.execute_unprepared(&change("- 1")).await.unwrap();
        connection.close().await.unwrap();
        act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await.ok();
    });
}

#[test]
fn a_repeat_is_harmless_and_a_stranger_learns_nothing() {
    run(async {
        let (scene, _) = july().await;
        scene.later(DAY);
        act(&scene, &scene.finance, "startMonthClose", "2026-07", "start-01").await.ok();
        let first = act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await.ok();
        let again = act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await.ok();
        assert_eq!(first, again);
        let other = act(&scene, &scene.finance, "closeMonth", "2026-08", "close-01").await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let strangers = [
            scene.company.staff("DIR", elsewhere).await,
            scene.company.staff("CASH", elsewhere).await,
            scene.stage.world.company().staff("CFIN", None).await,
            scene.company.staff("DESK", scene.estate).await,
        ];
        let query = "bookMonth(estateId: $estate, month: \"2026-07\") { state }";
        for stranger in strangers.iter().chain([&scene.owner]) {
            assert_eq!(ask(&scene, stranger, query).await.code(), "NOT_FOUND");
            for field in ["startMonthClose", "closeMonth", "requestMonthReopening", "reopenMonth"] {
                let answer = act(&scene, stranger, field, "2026-07", "other-01").await;
                assert_eq!(answer.code(), "NOT_FOUND", "{field}");
            }
        }
    });
}

pub(crate) async fn by_hand(scene: &Scene) -> sea_orm::DatabaseConnection {
    let connection = raw_connection(scene.stage.world.context("billing"), "billing").await;
    if scene.stage.world.backend == Backend::Postgres {
        let set = format!("SET app.tenant_id = '{}'", scene.company.tenant.as_uuid());
        connection.execute_unprepared(&set).await.unwrap();
    } else {
        for pragma in ["PRAGMA foreign_keys = ON", "PRAGMA busy_timeout = 10000"] {
            connection.execute_unprepared(pragma).await.unwrap();
        }
    }
    connection
}

/// An id as SQL.
pub(crate) fn sql_id(scene: &Scene, id: uuid::Uuid) -> String {
    if scene.stage.world.backend == Backend::Postgres {
        format!("'{id}'")
    } else {
        format!("x'{}'", id.simple())
    }
}

#[test]
fn no_sql_by_hand_writes_into_a_closed_month_or_changes_what_is_frozen() {
    run(async {
        let (scene, _) = july().await;
        scene.later(DAY);
        closed(&scene, "2026-07").await;
        let connection = by_hand(&scene).await;
        let id = |id| sql_id(&scene, id);
        let (tenant, estate) = (id(scene.company.tenant.as_uuid()), id(scene.estate.as_uuid()));
        let entry = |day: &str| {
            let new = id(scene.stage.world.clock.uuid());
            let line = |n: u32, amount: i64| {
                format!(
                    "INSERT INTO ledger_lines (tenant_id, entry_id, line, lines, code, amount) \
                     VALUES ({tenant}, {new}, {n}, 2, '1001', {amount})"
                )
            };
            format!(
                "BEGIN; {}; {}; INSERT INTO ledger_entries (tenant_id, id, lines, estate_id, kind, day, currency, source, memo, at) \
                 VALUES ({tenant}, {new}, 2, {estate}, 'CHARGE', '{day}', 'CNY', 'x', '', '2026-08-01 00:00:00+00:00'); COMMIT",
                line(1, 5),
                line(2, -5)
            )
        };
        let done = |text: String| {
            let connection = connection.clone();
            async move {
                let done = connection.execute_unprepared(&text).await;
                if done.is_err() {
                    connection.execute_unprepared("ROLLBACK").await.ok();
                }
                done.map_err(|error| error.to_string())
            }
        };
        // The right way is possible, so that what follows fails for its own reason.
        done(entry("2026-08-01")).await.unwrap();
        let refused = done(entry("2026-07-31")).await.unwrap_err();
        assert!(refused.contains("month of the books is closed"), "{refused}");
        let refused = done(entry("2026-07-01")).await.unwrap_err();
        assert!(refused.contains("month of the books is closed"), "{refused}");
        for sql in [
            "DELETE FROM book_months",
            "UPDATE book_months SET state = 'OPEN'",
            "UPDATE month_reports SET body = '{}'",
            "DELETE FROM month_reports",
            "UPDATE bill_settlements SET amount = amount + 1",
            "DELETE FROM bill_settlements",
            "UPDATE ledger_entries SET day = '2026-08-01'",
            "DELETE FROM ledger_entries",
        ] {
            assert!(done(sql.to_owned()).await.is_err(), "{sql}");
        }
        // Two names, but of one person.
        let user = id(scene.director.user.as_uuid());
        let alone = format!(
            "UPDATE book_months SET state = 'OPEN', reopen_reason = 'x', \
             reopen_requested_by = {user}, reopened_by = {user}"
        );
        assert!(done(alone).await.is_err());
        connection.close().await.unwrap();
    });
}

#[test]
fn deposits_that_are_not_what_the_books_say_keep_a_month_open() {
    run(async {
        let (scene, debt) = july().await;
        // A deposit that is taken is in both.
        let input = json!({ "accountId": debt.account, "kind": "RENOVATION", "amount": "2000",
            "agreement": "ZX-2026-007", "idempotencyKey": "deposit-1" });
        let document = "mutation($input: RequestDepositInput!) { requestDeposit(input: $input) { deposit { id } } }";
        let data = scene.desk.send("billing", document, json!({ "input": input })).await.ok();
        let input = json!({ "depositId": data["requestDeposit"]["deposit"]["id"], "till": "TRANSFER",
            "idempotencyKey": "deposit-2" });
        let document =
            "mutation($input: TakeDepositInput!) { takeDeposit(input: $input) { deposit { id } } }";
        scene.cashier.send("billing", document, json!({ "input": input })).await.ok();
        scene.later(DAY);
        act(&scene, &scene.finance, "startMonthClose", "2026-07", "start-01").await.ok();
        let query = "closeChecklist(estateId: $estate, month: \"2026-07\") { done items { code count detail link } }";
        let agree = async || {
            let mut seen = ask(&scene, &scene.director, query).await.ok()["closeChecklist"].take();
            let done = seen["done"] == true;
            let items = seen["items"].as_array_mut().unwrap();
            let at = items.iter().position(|item| item["code"] == "DEPOSITS_AGREE").unwrap();
            (done, items.remove(at))
        };
        let item = |count: i64, detail: Value| json!({ "code": "DEPOSITS_AGREE", "count": count, "detail": detail, "link": "deposits" });
        assert_eq!(agree().await, (true, item(0, Value::Null)));

        // Somebody writes to 2241 past the deposits: the books balance, the deposits do not agree.
        let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
        let account = debt.account.parse().unwrap();
        let posting = Posting {
            estate: scene.estate,
            entry: Entry::deposit(Till::Transfer, account, Fen(150), Currency::CNY).unwrap(),
            date: "2026-07-31".parse().unwrap(),
            source: "by_hand".to_owned(),
            memo: String::new(),
        };
        ledger::post(&scope, posting).await.unwrap();
        scope.commit().await.unwrap();
        let differs = "deposits hold 2000.00, the books say 2001.50: a difference of -1.50";
        assert_eq!(agree().await, (false, item(1, json!(differs))));
        let refused = act(&scene, &scene.finance, "closeMonth", "2026-07", "close-01").await;
        assert_eq!(refused.code(), "CONFLICT");
    });
}
