//! Fresh databases.

use db::Migration;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use std::{collections::HashMap, path::Path};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// Which database a test runs on: `COMMONHOLD_TEST_DB`, SQLite unless it says `postgres`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a temporary folder.
    Sqlite,
    /// A database on the throw-away server behind `TEST_POSTGRES_URL`.
    Postgres,
}

impl Backend {
    /// As the environment says.
    pub fn from_env() -> Self {
        match std::env::var("COMMONHOLD_TEST_DB").as_deref() {
            Ok("postgres") => Self::Postgres,
            _ => Self::Sqlite,
        }
    }
}

/// Makes a fresh, migrated database for a service and returns the configuration that names it.
///
/// The first to come migrates a template, everybody else copies it: on PostgreSQL the first of all
/// processes, on SQLite the first of each.
///
/// # Panics
/// When the server is not there.
pub async fn service_databases(
    backend: Backend,
    folder: &Path,
    service: &str,
    migrations: &[Migration],
) -> Vec<(String, String)> {
    let prefix = service.to_uppercase().replace('-', "_");
    match backend {
        Backend::Sqlite => {
            let file = folder.join(format!("{service}.db"));
            copy_file(&file, service, migrations).await;
            vec![(format!("{prefix}_DATABASE_URL"), sqlite_url(&file))]
        }
        Backend::Postgres => {
            let role = service.replace('-', "_");
            let base = std::env::var("TEST_POSTGRES_URL")
                .expect("TEST_POSTGRES_URL names the throw-away server, e.g. postgres://postgres@127.0.0.1:5433");
            let name = copy_template(&base, service, migrations).await;
            let host = base.rsplit('@').next().unwrap_or_default();
            let url = |user: &str| format!("postgres://{user}@{host}/{name}");
            vec![
                (format!("{prefix}_DATABASE_URL"), url(&format!("{role}_app"))),
                (format!("{prefix}_WORKER_DATABASE_URL"), url(&format!("{role}_worker"))),
                (format!("{prefix}_MIGRATE_DATABASE_URL"), format!("{base}/{name}")),
            ]
        }
    }
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

/// A migrated SQLite file, kept by the process for all its worlds.
async fn copy_file(to: &Path, service: &str, migrations: &[Migration]) {
    static TEMPLATES: Mutex<Option<HashMap<String, TempDir>>> = Mutex::const_new(None);
    let mut templates = TEMPLATES.lock().await;
    let templates = templates.get_or_insert_default();
    if !templates.contains_key(service) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = sqlite_url(&folder.path().join("template.db"));
        db::migrate(&url, service, migrations).await.expect("migrations run on SQLite");
        templates.insert(service.to_owned(), folder);
    }
    let template = templates[service].path().join("template.db");
    tokio::fs::copy(template, to).await.expect("a copy of the template");
}

async fn copy_template(base: &str, service: &str, migrations: &[Migration]) -> String {
    let admin = Database::connect(format!("{base}/postgres")).await.expect("the server is there");
    let run = |sql: String| {
        let admin = &admin;
        async move { admin.execute_unprepared(&sql).await }
    };
    let called = service.replace('-', "_");
    let template = format!("template_{called}");
    // One process at a time; `CREATE DATABASE` also fails while its template is being copied.
    run("SELECT pg_advisory_lock(7302)".to_owned()).await.expect("a lock");
    let exists = Statement::from_sql_and_values(
        admin.get_database_backend(),
        "SELECT 1 FROM pg_database WHERE datname = $1",
        [template.as_str().into()],
    );
    if admin.query_one_raw(exists).await.expect("a catalogue").is_none() {
        for role in ["app", "worker"] {
            run(format!("CREATE ROLE {called}_{role} LOGIN NOSUPERUSER NOBYPASSRLS")).await.ok();
        }
        run(format!("CREATE DATABASE {template}")).await.expect("a template");
        db::migrate(&format!("{base}/{template}"), service, migrations)
            .await
            .expect("migrations run on PostgreSQL");
    }
    let name = format!("test_{called}_{}", clock::Clock::system().uuid().simple());
    run(format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a copy");
    run("SELECT pg_advisory_unlock(7302)".to_owned()).await.expect("a lock");
    admin.close().await.ok();
    name
}

/// A connection past the frame, as the role the service runs under: for tests that try to do by
/// hand what must not be possible.
///
/// # Panics
/// When the database is not there.
pub async fn raw_connection(
    context: &runtime::ServiceContext,
    service: &str,
) -> sea_orm::DatabaseConnection {
    let key = format!("{}_DATABASE_URL", service.to_uppercase().replace('-', "_"));
    let mut options = sea_orm::ConnectOptions::new(context.config.required(&key).expect("a URL"));
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the database is there")
}
