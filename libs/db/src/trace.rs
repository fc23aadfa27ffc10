//! SQL as spans and metrics: the kind of a statement and its table, never a value.

use sea_orm::{EntityName, metric};
use tracing::{Span, info_span};

/// Opening a transaction.
pub(crate) fn scope() -> Span {
    inside(|| info_span!("db.scope", otel.kind = "client"))
}

/// Keeping what was done.
pub(crate) fn commit() -> Span {
    inside(|| info_span!("db.commit", otel.kind = "client"))
}

/// One statement on an entity's table.
pub(crate) fn statement(kind: &'static str, entity: &impl EntityName) -> Span {
    inside(|| named(kind, entity.table_name()))
}

/// One hand-written statement.
pub(crate) fn hand_written(sql: &str) -> Span {
    inside(|| {
        let (kind, table) = shape(sql);
        named(kind, table)
    })
}

fn named(kind: &str, table: &str) -> Span {
    info_span!("db.statement", otel.kind = "client", db.operation = kind, db.table = table)
}

/// Only as a part of something: polling workers would else make a trace a second.
fn inside(span: impl FnOnce() -> Span) -> Span {
    if Span::current().is_none() { Span::none() } else { span() }
}

/// The first verb outside `WITH` that acts on a table, and that table.
fn shape(sql: &str) -> (&'static str, &str) {
    let mut words =
        sql.split(|c: char| c.is_whitespace() || "(),;".contains(c)).filter(|w| !w.is_empty());
    let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
    let mut kind = "other";
    while let Some(word) = words.next() {
        let verb = ["select", "insert", "update", "delete"].into_iter().find(|v| is(word, v));
        if let Some(verb) = verb.filter(|_| kind == "other" || kind == "select") {
            kind = verb;
        }
        let leads = is(word, "from") || is(word, "into") || (kind == "update" && is(word, kind));
        if leads && let Some(table) = words.next() {
            return (kind, table);
        }
    }
    (kind, "")
}

/// Counts a statement and notes how long it took.
pub(crate) fn measure(done: &metric::Info<'_>) {
    let outcome = if done.failed { "failed" } else { "ok" };
    metrics::counter!("commonhold_db_statements_total", "outcome" => outcome).increment(1);
    metrics::histogram!("commonhold_db_statement_seconds").record(done.elapsed);
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_statement_shows_its_kind_and_table() {
        assert_eq!(shape("SELECT a FROM units WHERE b = 'x'"), ("select", "units"));
        assert_eq!(shape("INSERT INTO inbox (source) VALUES ($1)"), ("insert", "inbox"));
        assert_eq!(shape("update notes SET a = 1"), ("update", "notes"));
        assert_eq!(shape("DELETE FROM units"), ("delete", "units"));
        assert_eq!(shape("SELECT set_config('a', $1, true)"), ("select", ""));
    }
}
