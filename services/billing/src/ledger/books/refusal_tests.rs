//! What the database itself refuses of the role that the service runs under: nothing that is
//! written for good is changed, and nothing comes in that does not balance.

use super::tests::{by_hand, charged, sql_id};
use crate::{service, testing::Stage};
use money::Fen;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use testkit::{Backend, run};

/// What the books are made of; each has rows in [`settled`].
const BOOKS: [&str; 4] = ["ledger_entries", "ledger_lines", "charges", "bill_settlements"];

/// An estate whose owner has paid a part of June.
async fn settled() -> Stage {
    let stage = charged().await;
    let query =
        "ledgerEntries(estateId: $estate) { edges { node { sourceId lines { subjectId } } } }";
    let seen = stage.ask(&stage.finance, query).await.ok();
    let entry = &seen["ledgerEntries"]["edges"][0]["node"];
    stage.pay(&entry["sourceId"], &entry["lines"][0]["subjectId"], 100).await;
    stage
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let asked = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(asked).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

/// The columns of a table.
async fn columns(stage: &Stage, connection: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = if stage.company.world.backend == Backend::Postgres {
        format!(
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = '{table}'"
        )
    } else {
        format!("SELECT name FROM pragma_table_info('{table}')")
    };
    texts(connection, &sql).await
}

/// Everything that the books say.
async fn books(stage: &Stage) -> Value {
    let query = "ledgerEntries(estateId: $estate) { edges { node { id kind day sourceId memo lines \
                 { code subjectId amount { amount } } } } } verifyLedger(estateId: $estate) { agrees }";
    let seen = stage.ask(&stage.finance, query).await.ok();
    assert_eq!(seen["verifyLedger"]["agrees"], true);
    seen
}

/// Ways to write over the rows of a table on SQLite: by the same key, by another one of the table's
/// keys, and by the place in the file, which is a key as well.
fn replacing(table: &str, columns: &[String]) -> Vec<String> {
    let names = columns.join(", ");
    let anew = names.replacen(" id,", " randomblob(16),", 1);
    vec![
        format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
        format!("REPLACE INTO {table} ({names}) SELECT {names} FROM {table} LIMIT 1"),
        format!("INSERT OR REPLACE INTO {table} ({names}) SELECT {anew} FROM {table}"),
        format!("REPLACE INTO {table} (rowid, {names}) SELECT rowid, {anew} FROM {table}"),
    ]
}

#[test]
fn nothing_of_the_books_is_edited_deleted_or_written_over() {
    run(async {
        let stage = settled().await;
        let before = books(&stage).await;
        let connection = by_hand(&stage).await;
        let mut tried = Vec::new();
        for table in BOOKS {
            let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}");
            assert_ne!(texts(&connection, &count).await, ["0"], "{table}");
            for column in columns(&stage, &connection, table).await {
                tried.push(format!("UPDATE {table} SET {column} = {column}"));
            }
            tried.push(format!("DELETE FROM {table}"));
            tried.push(format!("DELETE FROM {table} WHERE tenant_id = tenant_id"));
            if stage.company.world.backend == Backend::Postgres {
                tried.extend([
                    format!("TRUNCATE {table} CASCADE"),
                    format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
                    format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"),
                    format!("DROP TABLE {table} CASCADE"),
                ]);
            } else {
                tried.push(format!("UPDATE OR REPLACE {table} SET tenant_id = tenant_id"));
                tried.extend(replacing(table, &columns(&stage, &connection, table).await));
            }
        }
        if stage.company.world.backend == Backend::Postgres {
            let over = "INSERT INTO ledger_lines SELECT * FROM ledger_lines \
                        ON CONFLICT (tenant_id, entry_id, line) DO UPDATE SET amount = 1";
            tried.push(over.to_owned());
            tried.push("SET session_replication_role = 'replica'".to_owned());
            tried.push("DROP FUNCTION seal_entry CASCADE".to_owned());
        }
        for sql in tried {
            assert!(connection.execute_unprepared(&sql).await.is_err(), "{sql}");
        }
        connection.close().await.unwrap();
        assert_eq!(books(&stage).await, before);
    });
}

/// Writes entries by hand.
struct Pen<'s> {
    stage: &'s Stage,
    connection: DatabaseConnection,
    tenant: String,
    estate: String,
}

impl Pen<'_> {
    fn new_id(&self) -> String {
        sql_id(self.stage, self.stage.id())
    }

    fn line(&self, entry: &str, (n, lines): (u32, u32), amount: i64) -> String {
        let tenant = &self.tenant;
        format!(
            "INSERT INTO ledger_lines (tenant_id, entry_id, line, lines, code, amount) \
             VALUES ({tenant}, {entry}, {n}, {lines}, '1001', {amount})"
        )
    }

    fn seal(&self, entry: &str, lines: u32, reverses: &str) -> String {
        let (tenant, estate) = (&self.tenant, &self.estate);
        format!(
            "INSERT INTO ledger_entries (tenant_id, id, lines, estate_id, kind, day, currency, source, memo, reverses, at) \
             VALUES ({tenant}, {entry}, {lines}, {estate}, 'CHARGE', '2026-07-31', 'CNY', 'x', '', {reverses}, '2026-07-31 00:00:00+00:00')"
        )
    }

    /// An entry of lines with these amounts; whether it was taken.
    async fn writes(&self, entry: &str, amounts: &[i64], reverses: &str) -> bool {
        let lines = u32::try_from(amounts.len()).unwrap();
        let each = (1..).zip(amounts).map(|(n, amount)| self.line(entry, (n, lines), *amount));
        let all: Vec<String> = each.chain([self.seal(entry, lines, reverses)]).collect();
        self.at_once(&all).await
    }

    async fn at_once(&self, statements: &[String]) -> bool {
        let text = format!("BEGIN; {}; COMMIT", statements.join("; "));
        let done = self.connection.execute_unprepared(&text).await;
        if done.is_err() {
            self.connection.execute_unprepared("ROLLBACK").await.ok();
        }
        done.is_ok()
    }
}

#[test]
fn no_entry_comes_in_that_does_not_balance_in_itself() {
    run(async {
        let stage = settled().await;
        let pen = Pen {
            stage: &stage,
            connection: by_hand(&stage).await,
            tenant: sql_id(&stage, stage.company.tenant.as_uuid()),
            estate: sql_id(&stage, stage.estate.as_uuid()),
        };
        // The right way is possible, so that what follows fails for its own reason.
        let whole = pen.new_id();
        assert!(pen.writes(&whole, &[5, -2, -3], "NULL").await);
        for wrong in [
            &[5, -4][..],
            &[5, 5],
            &[5, 0, -5],
            &[5],
            // Their sum is zero where 64 bits wrap around.
            &[i64::MAX, i64::MAX, 2],
            &[i64::MIN, i64::MIN],
        ] {
            assert!(!pen.writes(&pen.new_id(), wrong, "NULL").await, "{wrong:?}");
        }
        // Two entries that balance only together.
        let (one, other) = (pen.new_id(), pen.new_id());
        let half = |entry: &str, sign: i64| {
            vec![
                pen.line(entry, (1, 2), 5 * sign),
                pen.line(entry, (2, 2), 5 * sign),
                pen.seal(entry, 2, "NULL"),
            ]
        };
        assert!(!pen.at_once(&[half(&one, 1), half(&other, -1)].concat()).await);
        // A seal on fewer lines than there are, and the seal before the lines.
        let less = pen.new_id();
        let lines = [5, -5, 7].map(|amount| amount);
        let mut all: Vec<String> =
            (1..).zip(lines).map(|(n, amount)| pen.line(&less, (n, 3), amount)).collect();
        all.push(pen.seal(&less, 2, "NULL"));
        assert!(!pen.at_once(&all).await);
        let early = pen.new_id();
        let all = [
            pen.seal(&early, 2, "NULL"),
            pen.line(&early, (1, 2), 5),
            pen.line(&early, (2, 2), -5),
        ];
        assert!(!pen.at_once(&all).await);
        // What was undone once is not undone again, and nothing undoes what is not there.
        assert!(pen.writes(&pen.new_id(), &[-5, 2, 3], &whole).await);
        assert!(!pen.writes(&pen.new_id(), &[-5, 2, 3], &whole).await);
        assert!(!pen.writes(&pen.new_id(), &[-5, 5], &pen.new_id()).await);
        pen.connection.close().await.unwrap();
        let sum = "trialBalance(estateId: $estate, on: \"2099-12-31\") { debit { amount } credit { amount } }";
        let seen = stage.ask(&stage.finance, sum).await.ok();
        assert_eq!(seen["trialBalance"]["debit"], seen["trialBalance"]["credit"]);
        assert_ne!(seen["trialBalance"]["debit"], json!({ "amount": Fen::ZERO.to_string() }));
    });
}

#[test]
fn every_table_that_is_only_added_to_is_guarded() {
    run(async {
        let stage = Stage::new().await;
        let connection = by_hand(&stage).await;
        let tables: Vec<&str> =
            service().migrations.iter().flat_map(|it| it.append_only.iter().copied()).collect();
        assert!(BOOKS.iter().all(|table| tables.contains(table)));
        for table in tables {
            let sql = if stage.company.world.backend == Backend::Postgres {
                format!(
                    "SELECT right_to FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) right_to \
                     WHERE NOT has_table_privilege(current_user, '{table}', right_to) \
                     AND EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = '{table}_append_only' AND tgenabled = 'O') \
                     AND EXISTS (SELECT 1 FROM pg_class WHERE relname = '{table}' AND relforcerowsecurity)"
                )
            } else {
                format!(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}' \
                     AND name IN ('{table}_no_UPDATE', '{table}_no_DELETE', '{table}_no_REPLACE')"
                )
            };
            let guards = if stage.company.world.backend == Backend::Postgres { 4 } else { 3 };
            assert_eq!(texts(&connection, &sql).await.len(), guards, "{table}");
        }
        connection.close().await.unwrap();
    });
}
