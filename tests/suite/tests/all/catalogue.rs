//! What PostgreSQL itself guarantees, read from its catalogue and tried on every table: row-level
//! security, with nothing of ours in front of it.

use crate::stage::{Company, Stage};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbErr, QueryResult,
    Statement,
};
use std::collections::BTreeSet;
use testkit::{Backend, raw_connection, run};

/// The reviewed list of what workers see across companies: routing data only, ids and state.
/// Whoever adds a table here answers for what stands in its columns.
const WORKERS_SEE: [(&str, &[&str]); 4] = [
    (
        "identity",
        &[
            "companies",
            "inbox",
            "jobs",
            "outbox",
            "platform_operators",
            "policy_changes",
            "sign_in_throttle",
            "signing_keys",
        ],
    ),
    ("residents", &["inbox", "jobs", "outbox"]),
    ("service-desk", &["inbox", "jobs", "outbox"]),
    (
        "billing",
        &["document_codes", "inbox", "jobs", "merchant_directory", "outbox", "webhook_inbox"],
    ),
];

/// Tables that belong to the platform: no company's rows stand there, or, in `policy_changes`, only
/// at which version the policy of a company was changed last, which every service follows.
const OF_THE_PLATFORM: [&str; 5] =
    ["inbox", "platform_operators", "policy_changes", "sign_in_throttle", "signing_keys"];

/// Tables that stay empty here: what is relayed or done leaves no row, and what other services or
/// the payment provider begin is begun by nobody, nor does the stage's roster hold fees or entrances.
const NOT_FILLED: [(&str, &str); 22] = [
    ("*", "jobs"),
    ("*", "outbox"),
    // A job charges on the due day, which no case waits for.
    ("billing", "auto_pay_tries"),
    // Only a settlement of paid days makes one, and any other call on the account outdates it.
    ("billing", "credit_notes"),
    // Forgotten once the file is written.
    ("billing", "notice_batch_items"),
    ("billing", "provider_movements"),
    ("billing", "provider_payouts"),
    ("billing", "requested_charges"),
    ("billing", "webhook_inbox"),
    // Every service can have keyed acts; only billing has some.
    ("identity", "idempotency_keys"),
    ("residents", "entrances"),
    ("residents", "idempotency_keys"),
    // Noticed by the day that passes.
    ("billing", "units_in_arrears"),
    // The desk's own tests fill them: no case works on an order, waits for a day, or reads a form again.
    ("service-desk", "sla_pauses"),
    ("service-desk", "revisit_attempts"),
    ("service-desk", "revisit_hands"),
    ("service-desk", "sla_escalated_to"),
    ("service-desk", "charge_requests"),
    ("service-desk", "survey_comments"),
    ("service-desk", "survey_rekeys"),
    ("service-desk", "survey_calls"),
    ("service-desk", "unit_arrears"),
];

/// One service's database, past the frame.
struct Base {
    service: &'static str,
    /// What the names of its database and roles begin with.
    prefix: String,
    /// As the owner, whom row-level security does not bind.
    owner: DatabaseConnection,
    /// As the role the service runs under.
    app: DatabaseConnection,
}

async fn bases(stage: &Stage) -> Vec<Base> {
    let mut all = Vec::new();
    for (service, context) in &stage.world.running.contexts {
        let prefix = service.replace('-', "_");
        let key = format!("{}_MIGRATE_DATABASE_URL", prefix.to_uppercase());
        let url = context.config.required(&key).expect("a URL");
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let owner = Database::connect(options).await.expect("the database is there");
        let app = raw_connection(context, service).await;
        all.push(Base { service, prefix, owner, app });
    }
    all
}

async fn rows(on: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    on.query_all_raw(Statement::from_string(on.get_database_backend(), sql)).await
}

async fn texts(on: &DatabaseConnection, sql: &str) -> Vec<String> {
    let found = rows(on, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    found.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect()
}

async fn count(on: &DatabaseConnection, sql: &str) -> i64 {
    let found = rows(on, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    found[0].try_get_by_index::<i64>(0).expect("a number")
}

/// Every table but the one in which migrations are noted.
const TABLES: &str = "SELECT c.relname::text FROM pg_class c \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'seaql_migrations'";

impl Base {
    async fn with_company(&self) -> Vec<String> {
        let sql = format!(
            "{TABLES} AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')"
        );
        texts(&self.owner, &sql).await
    }

    /// Speaks for a company from now on, or for none.
    async fn speak_for(&self, company: Option<&Company>) {
        let id = company.map(|company| company.tenant.as_uuid().to_string()).unwrap_or_default();
        let set = format!("SELECT set_config('app.tenant_id', '{id}', false)");
        rows(&self.app, &set).await.expect("a setting");
    }

    /// Tries a statement as the service's role for a company and takes it back; the rows it
    /// touched. Triggers and foreign keys are off, so that only privileges and policies refuse.
    async fn tries(&self, company: &str, sql: &str) -> Result<u64, DbErr> {
        let begin = format!(
            "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL ROLE {}_app; \
             SELECT set_config('app.tenant_id', '{company}', true)",
            self.prefix
        );
        self.owner.execute_unprepared(&begin).await.expect("a transaction");
        let outcome = self.owner.execute_unprepared(sql).await;
        self.owner.execute_unprepared("ROLLBACK").await.expect("a transaction");
        outcome.map(|done| done.rows_affected())
    }
}

/// Runs a test on every service's database, on PostgreSQL; what it finds is wrong.
fn on_postgres(test: impl AsyncFn(&Stage, &Base) -> Vec<String>) {
    run(async {
        let stage = Stage::get().await;
        if stage.world.backend != Backend::Postgres {
            return;
        }
        let _turn = stage.turn.lock().await;
        let mut wrong = Vec::new();
        for base in bases(&stage).await {
            let found = test(&stage, &base).await.into_iter();
            wrong.extend(found.map(|what| format!("{}: {what}", base.service)));
            base.owner.close().await.expect("a connection");
            base.app.close().await.expect("a connection");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// What is found, with what is wrong about it.
fn say(why: &str, found: impl IntoIterator<Item = String>) -> Vec<String> {
    found.into_iter().map(|what| format!("{what}: {why}")).collect()
}

#[test]
fn every_table_is_under_row_level_security_that_binds_its_owner_too() {
    on_postgres(async |_, base| {
        let free = format!("{TABLES} AND NOT (c.relrowsecurity AND c.relforcerowsecurity)");
        let mut wrong = say("is not under it", texts(&base.owner, &free).await);
        // One permissive policy that does not look at the company opens the table for all.
        let blind = "SELECT DISTINCT c.relname::text FROM pg_policy p \
            JOIN pg_class c ON c.oid = p.polrelid \
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' \
            WHERE NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.oid = ANY (p.polroles) AND r.rolname LIKE '%\\_worker') \
            AND (COALESCE(pg_get_expr(p.polqual, p.polrelid), '') NOT LIKE '%app.tenant_id%' \
                 OR COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), '') NOT LIKE '%app.tenant_id%')";
        let blind = texts(&base.owner, blind).await.into_iter();
        let blind = blind.filter(|name| !OF_THE_PLATFORM.contains(&name.as_str()));
        wrong.extend(say("has a policy that is blind", blind));
        let bare =
            format!("{TABLES} AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)");
        wrong.extend(say("has no policy", texts(&base.owner, &bare).await));
        let company: BTreeSet<String> = base.with_company().await.into_iter().collect();
        let all = texts(&base.owner, TABLES).await.into_iter();
        let loose =
            all.filter(|name| !company.contains(name) && !OF_THE_PLATFORM.contains(&name.as_str()));
        wrong.extend(say("has no company", loose));
        wrong
    });
}

#[test]
fn keys_name_the_company() {
    on_postgres(async |_, base| {
        let loose = format!(
            "SELECT c.conrelid::regclass::text || '.' || c.conname FROM pg_constraint c \
             JOIN pg_attribute t ON t.attrelid = c.conrelid AND t.attname = 'tenant_id' \
             WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f') \
             AND NOT t.attnum = ANY (c.conkey) \
             AND NOT has_any_column_privilege('{}_worker', c.conrelid, 'SELECT')",
            base.prefix
        );
        say("is a key across companies", texts(&base.owner, &loose).await)
    });
}

#[test]
fn no_role_of_a_service_owns_anything_or_gets_past_the_policies() {
    on_postgres(async |_, base| {
        let roles = format!("rolname IN ('{0}_app', '{0}_worker')", base.prefix);
        let mighty = format!(
            "SELECT rolname::text FROM pg_roles WHERE {roles} AND (rolsuper OR rolbypassrls \
             OR rolcreaterole OR rolcreatedb OR rolreplication)"
        );
        let mut wrong = say("is more than a user", texts(&base.owner, &mighty).await);
        let both = format!("SELECT count(*) FROM pg_roles WHERE {roles}");
        assert_eq!(count(&base.owner, &both).await, 2, "{}: both roles are there", base.service);
        let owned = format!("{TABLES} AND pg_get_userbyid(c.relowner) LIKE '{}%'", base.prefix);
        wrong.extend(say("is owned by the service", texts(&base.owner, &owned).await));
        let member = format!(
            "SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.{roles}"
        );
        wrong.extend(say("is a member of another role", texts(&base.owner, &member).await));
        let rights = format!(
            "{TABLES} AND has_table_privilege('{}_app', c.oid, 'TRUNCATE, REFERENCES, TRIGGER')",
            base.prefix
        );
        wrong.extend(say("can be emptied past the policies", texts(&base.owner, &rights).await));
        wrong
    });
}

#[test]
fn workers_see_the_reviewed_tables_alone() {
    on_postgres(async |_, base| {
        let seen = format!(
            "{TABLES} AND (has_any_column_privilege('{0}_worker', c.oid, 'SELECT, INSERT, UPDATE') \
             OR has_table_privilege('{0}_worker', c.oid, 'DELETE')) ORDER BY 1",
            base.prefix
        );
        let reviewed = WORKERS_SEE.iter().find(|(service, _)| *service == base.service);
        let reviewed = reviewed.map_or(&[][..], |(_, tables)| *tables);
        let seen = texts(&base.owner, &seen).await;
        let unknown = seen.iter().filter(|name| !reviewed.contains(&name.as_str())).cloned();
        let mut wrong = say("is seen by workers and was not reviewed", unknown);
        let gone = reviewed.iter().filter(|name| !seen.contains(&(**name).to_owned()));
        wrong.extend(say("is reviewed and not seen by workers", gone.map(|n| (*n).to_owned())));
        wrong
    });
}

#[test]
fn row_level_security_alone_shows_each_company_its_own_rows_of_every_table() {
    on_postgres(async |stage, base| {
        let id = |company: &Company| company.tenant.as_uuid().to_string();
        let (ours, theirs) = (id(&stage.ours), id(&stage.theirs));
        let mut wrong = Vec::new();
        let tables = base.with_company().await.into_iter();
        for table in tables.filter(|name| !OF_THE_PLATFORM.contains(&name.as_str())) {
            let of = |who: &str| format!("SELECT count(*) FROM {table} WHERE tenant_id = '{who}'");
            let mine = count(&base.owner, &of(&ours)).await;
            let filled = count(&base.owner, &of(&theirs)).await > 0;
            let excused = NOT_FILLED
                .iter()
                .any(|(of, name)| ["*", base.service].contains(of) && *name == table);
            if !filled && !excused {
                wrong.push(format!("{table}: no case fills it, so nothing is proven"));
            }
            let all = format!("SELECT count(*) FROM {table}");
            base.speak_for(None).await;
            if count(&base.app, &all).await != 0 {
                wrong.push(format!("{table}: rows are seen when no company is set"));
            }
            base.speak_for(Some(&stage.ours)).await;
            let foreign = format!("SELECT count(*) FROM {table} WHERE tenant_id <> '{ours}'");
            if count(&base.app, &foreign).await != 0 {
                wrong.push(format!("{table}: rows of another company are seen"));
            }
            // Background work may add some meanwhile.
            if count(&base.app, &all).await < mine {
                wrong.push(format!("{table}: not all of one's own rows are seen"));
            }
            wrong.extend(written_abroad(base, &table, &ours, &theirs).await);
        }
        wrong
    });
}

/// What can be written into another company, moved there, changed there or deleted there.
async fn written_abroad(base: &Base, table: &str, ours: &str, theirs: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let row =
        format!("SELECT to_jsonb(t)::text FROM {table} t WHERE tenant_id = '{theirs}' LIMIT 1");
    let row = texts(&base.owner, &row).await.pop().map(|row| row.replace('\'', "''"));
    let insert = row.map(|row| {
        format!(
            "INSERT INTO {table} OVERRIDING SYSTEM VALUE \
             SELECT * FROM jsonb_populate_record(NULL::{table}, '{row}'::jsonb)"
        )
    });
    let touch = [
        format!("UPDATE {table} SET tenant_id = '{theirs}' WHERE tenant_id = '{ours}'"),
        format!("UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = '{theirs}'"),
        format!("DELETE FROM {table} WHERE tenant_id = '{theirs}'"),
    ];
    for sql in insert.into_iter().chain(touch) {
        match base.tries(ours, &sql).await {
            Ok(0) => {}
            Ok(touched) => wrong.push(format!("{sql}: {touched} rows")),
            Err(error) => {
                let text = error.to_string();
                let known = ["row-level security", "permission denied"];
                if !known.iter().any(|why| text.contains(why)) {
                    wrong.push(format!("{sql}: refused for another reason: {text}"));
                }
            }
        }
    }
    wrong
}
