//! The books through the graph, and what the database refuses by hand.

use crate::testing::Stage;
use money::Fen;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{Backend, raw_connection, run};

pub(super) async fn charged() -> Stage {
    let stage = Stage::new().await;
    stage.scenario_1().await;
    stage.property_fee().await;
    stage.run("2026-06").await;
    stage
}

pub(super) async fn by_hand(stage: &Stage) -> sea_orm::DatabaseConnection {
    let context = stage.company.world.context("billing");
    let connection = raw_connection(context, "billing").await;
    if stage.company.world.backend == Backend::Postgres {
        let set = format!("SET app.tenant_id = '{}'", stage.company.tenant.as_uuid());
        connection.execute_unprepared(&set).await.unwrap();
    } else {
        for pragma in ["PRAGMA foreign_keys = ON", "PRAGMA busy_timeout = 10000"] {
            connection.execute_unprepared(pragma).await.unwrap();
        }
    }
    connection
}

/// An id as SQL.
pub(super) fn sql_id(stage: &Stage, id: uuid::Uuid) -> String {
    if stage.company.world.backend == Backend::Postgres {
        format!("'{id}'")
    } else {
        format!("x'{}'", id.simple())
    }
}

#[test]
fn the_books_balance_and_a_statement_runs() {
    run(async {
        let stage = charged().await;
        let books = stage
            .ask(
                &stage.finance,
                "trialBalance(estateId: $estate, on: \"2026-07-31\") { debit { amount } credit { amount } \
                 rows { code nameEn debit { amount } credit { amount } feeItem { code } } } \
                 ledgerEntries(estateId: $estate) { edges { node { kind lines { code amount { amount } } } } } \
                 verifyLedger(estateId: $estate) { agrees differences { code } }",
            )
            .await
            .ok();
        assert_eq!(
            books["trialBalance"],
            json!({ "debit": { "amount": "278.62" }, "credit": { "amount": "278.62" }, "rows": [
                { "code": "1122", "nameEn": "Receivable", "debit": { "amount": "278.62" }, "credit": null, "feeItem": null },
                { "code": "6001", "nameEn": "Revenue", "debit": null, "credit": { "amount": "278.62" }, "feeItem": { "code": "PROPERTY" } },
            ] })
        );
        assert_eq!(books["verifyLedger"], json!({ "agrees": true, "differences": [] }));
        assert_eq!(books["ledgerEntries"]["edges"].as_array().unwrap().len(), 2);
        let before = stage.ask(
            &stage.finance,
            "trialBalance(estateId: $estate, on: \"2026-07-30\") { rows { code } }",
        );
        assert_eq!(before.await.ok()["trialBalance"]["rows"], json!([]));

        let accounts = "account: ledgerEntries(estateId: $estate) { edges { node { lines { code subjectId } } } }";
        let seen = stage.ask(&stage.finance, accounts).await.ok();
        let account = seen["account"]["edges"][0]["node"]["lines"][0]["subjectId"].clone();
        stage.prepay(account.as_str().unwrap(), 50_000).await;
        let statement = "query($id: ID!, $after: String) { statement(accountId: $id, from: \"2026-07-01\", to: \"2026-12-31\", first: 1, after: $after) { openingBalance { amount } pageInfo { hasNextPage endCursor } edges { node { kind amount { amount } balance { amount } } } } }";
        let first = stage.finance.send("billing", statement, json!({ "id": account })).await.ok();
        let first = &first["statement"];
        assert_eq!(
            (&first["openingBalance"]["amount"], &first["pageInfo"]["hasNextPage"]),
            (&json!("0.00"), &json!(true))
        );
        let variables = json!({ "id": account, "after": first["pageInfo"]["endCursor"] });
        let second = stage.finance.send("billing", statement, variables).await.ok();
        // Both are of one day and one millisecond: either may come first, the balance runs on.
        let nodes = [first, &second["statement"]].map(|page| page["edges"][0]["node"].clone());
        let mut kinds = nodes.each_ref().map(|node| node["kind"].as_str().unwrap());
        kinds.sort_unstable();
        assert_eq!(kinds, ["CHARGE", "PAYMENT"]);
        let fen = |money: &Value| money["amount"].as_str().unwrap().parse::<Fen>().unwrap();
        let mut owed = Fen::ZERO;
        for node in &nodes {
            owed += fen(&node["amount"]);
            assert_eq!(fen(&node["balance"]), owed);
        }
        assert!([Fen(18_574 - 50_000), Fen(9_288 - 50_000)].contains(&owed));
    });
}

#[test]
fn verify_finds_a_balance_that_somebody_changed_by_hand() {
    run(async {
        let stage = charged().await;
        let connection = by_hand(&stage).await;
        let sql = format!(
            "UPDATE balance_deltas SET amount = amount + 1 WHERE code = '6001' AND estate_id = {}",
            sql_id(&stage, stage.estate.as_uuid())
        );
        connection.execute_unprepared(&sql).await.unwrap();
        connection.close().await.unwrap();
        let query = "verifyLedger(estateId: $estate) { agrees differences { code keptIn kept { amount } recomputed { amount } } }";
        let found = stage.ask(&stage.finance, query).await.ok();
        assert_eq!(
            found["verifyLedger"],
            json!({ "agrees": false, "differences": [{ "code": "6001", "keptIn": "BALANCE",
                "kept": { "amount": "-278.61" }, "recomputed": { "amount": "-278.62" } }] })
        );
        let refused = stage.ask(&stage.director, query).await;
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}

#[test]
fn no_sql_by_hand_unbalances_the_ledger() {
    run(async {
        let stage = charged().await;
        let connection = by_hand(&stage).await;
        for sql in [
            "UPDATE ledger_entries SET memo = 'x'",
            "DELETE FROM ledger_entries",
            "UPDATE ledger_lines SET amount = amount + 1",
            "DELETE FROM ledger_lines",
            "UPDATE charges SET amount = 0",
            "DELETE FROM charges",
        ] {
            assert!(connection.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        let id = |id| sql_id(&stage, id);
        let (tenant, estate) = (id(stage.company.tenant.as_uuid()), id(stage.estate.as_uuid()));
        let new = id(stage.id());
        let seal = |entry: &str, lines: u32| {
            format!(
                "INSERT INTO ledger_entries (tenant_id, id, lines, estate_id, kind, day, currency, source, memo, at) \
                 VALUES ({tenant}, {entry}, {lines}, {estate}, 'CHARGE', '2026-07-31', 'CNY', 'x', '', '2026-07-31 00:00:00+00:00')"
            )
        };
        let line = |entry: &str, n: u32, lines: u32, amount: i64| {
            format!(
                "INSERT INTO ledger_lines (tenant_id, entry_id, line, lines, code, amount) \
                 VALUES ({tenant}, {entry}, {n}, {lines}, '1001', {amount})"
            )
        };
        let all = |statements: &[String]| {
            let text = format!("BEGIN; {}; COMMIT", statements.join("; "));
            let connection = connection.clone();
            async move {
                let done = connection.execute_unprepared(&text).await;
                if done.is_err() {
                    connection.execute_unprepared("ROLLBACK").await.ok();
                }
                done.is_ok()
            }
        };
        // The right way is possible, so that what follows fails for its own reason.
        assert!(all(&[line(&new, 1, 2, 5), line(&new, 2, 2, -5), seal(&new, 2)]).await);
        // A line after the seal, whatever number it claims.
        assert!(!all(&[line(&new, 3, 3, 5)]).await);
        assert!(!all(&[line(&new, 2, 2, 5)]).await);
        let other = id(stage.id());
        let unbalanced = [line(&other, 1, 2, 5), line(&other, 2, 2, -4), seal(&other, 2)];
        assert!(!all(&unbalanced).await);
        assert!(!all(&[line(&other, 1, 2, 5), seal(&other, 2)]).await);
        assert!(!all(&[seal(&other, 2)]).await);
        // Lines that never get a seal.
        assert!(!all(&[line(&other, 1, 2, 5), line(&other, 2, 2, -5)]).await);
        if stage.company.world.backend == Backend::Sqlite {
            let replace = line(&new, 1, 2, 7).replace("INSERT", "INSERT OR REPLACE");
            assert!(!all(&[replace]).await);
        }
        connection.close().await.unwrap();
        let verified = stage
            .ask(&stage.finance, "verifyLedger(estateId: $estate) { differences { code } }")
            .await;
        // Only the entry posted by hand has no balance kept for it, and it nets to zero.
        assert_eq!(verified.ok()["verifyLedger"]["differences"], json!([]));
    });
}

#[test]
fn folding_keeps_every_balance() {
    run(async {
        let stage = charged().await;
        let query = "ledgerEntries(estateId: $estate) { edges { node { lines { subjectId } } } }";
        let seen = stage.ask(&stage.finance, query).await.ok();
        let account = seen["ledgerEntries"]["edges"][0]["node"]["lines"][0]["subjectId"].clone();
        for _ in 0..12 {
            stage.prepay(account.as_str().unwrap(), 100).await;
        }
        let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
        let _ = super::repo::fold(&scope, stage.estate).await.unwrap();
        assert_eq!(super::repo::fold(&scope, stage.estate).await.unwrap(), 0);
        scope.commit().await.unwrap();
        let verified =
            stage.ask(&stage.finance, "verifyLedger(estateId: $estate) { agrees }").await;
        assert_eq!(verified.ok()["verifyLedger"]["agrees"], true);
        let text = "query($id: ID!) { billingAccount(id: $id) { prepayment { amount } } }";
        let seen = stage.finance.send("billing", text, json!({ "id": account })).await.ok();
        assert_eq!(seen["billingAccount"]["prepayment"]["amount"], "12.00");
    });
}

#[derive(sea_orm::FromQueryResult)]
struct Count {
    n: i64,
}

#[test]
fn a_trial_balance_costs_days_and_not_entries() {
    run(async {
        let stage = charged().await;
        let query = "ledgerEntries(estateId: $estate) { edges { node { lines { subjectId } } } }";
        let seen = stage.ask(&stage.finance, query).await.ok();
        let account = seen["ledgerEntries"]["edges"][0]["node"]["lines"][0]["subjectId"].clone();
        let mut rows = Vec::new();
        for entries in [20, 200] {
            for _ in 0..entries {
                stage.prepay(account.as_str().unwrap(), 100).await;
            }
            let scope =
                stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
            while super::repo::fold_days(&scope, stage.estate).await.unwrap() > 0 {}
            let sql =
                "SELECT COUNT(*) AS n FROM daily_totals WHERE tenant_id = $1 AND estate_id = $2";
            let found: Vec<Count> = scope.rows(sql, [stage.estate.as_uuid().into()]).await.unwrap();
            scope.commit().await.unwrap();
            rows.push(found[0].n);
        }
        // One day, four accounts: receivable, revenue, cash, prepayments.
        assert!(rows.iter().all(|rows| *rows <= 4 * 8), "{rows:?}");
        let seen = stage
            .ask(
                &stage.finance,
                "trialBalance(estateId: $estate, on: \"2026-07-31\") { rows { code credit { amount } } debit { amount } credit { amount } } \
                 verifyLedger(estateId: $estate) { agrees }",
            )
            .await
            .ok();
        assert_eq!(seen["trialBalance"]["debit"], seen["trialBalance"]["credit"]);
        assert_eq!(seen["trialBalance"]["rows"][2]["credit"]["amount"], "220.00");
        assert_eq!(seen["verifyLedger"]["agrees"], true);
    });
}
