//! On SQLite a row that is written for good is not written over either.

use crate::run;
use clock::Clock;
use db::{Db, DbConfig, Migration, TenantScope, tenant_owned};
use ids::TenantId;
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, Database};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "facts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub amount: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);
use row::Column as C;

const FACTS: Migration = Migration {
    name: "20261123000000_facts",
    up: "CREATE TABLE facts (tenant_id UUID NOT NULL, id UUID NOT NULL, name TEXT NOT NULL, \
         amount BIGINT NOT NULL, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name));",
    down: "DROP TABLE facts;",
    tenant_tables: &["facts"],
    append_only: &["facts"],
    system_tables: &[],
};

/// Ways to write over the one row there is: by its key, by its name, by its place in the file.
const OVER: [&str; 4] = [
    "INSERT OR REPLACE INTO facts SELECT tenant_id, id, name, 2 FROM facts",
    "REPLACE INTO facts SELECT tenant_id, randomblob(16), name, 2 FROM facts",
    "REPLACE INTO facts (rowid, tenant_id, id, name, amount) \
     SELECT rowid, tenant_id, randomblob(16), 'other', 2 FROM facts",
    "UPDATE OR REPLACE facts SET amount = 2",
];

fn fact(id: Uuid, name: &str, amount: i64) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        amount: Set(amount),
        ..Default::default()
    }
}

/// What is written, by name.
async fn written(scope: &TenantScope) -> Vec<(String, i64)> {
    let rows = scope.find::<row::Entity>().asc(C::Name).all().await.unwrap();
    rows.into_iter().map(|row| (row.name, row.amount)).collect()
}

#[test]
fn nothing_replaces_a_row_also_in_a_database_that_was_there_before() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("facts.db").display());
        db::migrate(&url, "facts", &[FACTS]).await.unwrap();
        let by_hand = Database::connect(&url).await.unwrap();
        // As a version wrote it that did not know of this yet.
        let before = "DROP TRIGGER facts_no_REPLACE; DROP TABLE replaced;";
        by_hand.execute_unprepared(before).await.unwrap();
        db::migrate(&url, "facts", &[FACTS]).await.unwrap();
        db::migrate(&url, "facts", &[FACTS]).await.unwrap();

        let config = DbConfig { url, worker_url: None, max_connections: 2, durable: false };
        let db = Db::connect(&config, Clock::system()).await.unwrap();
        let tenant = TenantId::from_uuid(db.clock().uuid());
        let id = db.clock().uuid();
        let scope = db.write(tenant).await.unwrap();
        scope.insert_all([fact(id, "a", 1)]).await.unwrap();
        scope.commit().await.unwrap();
        for sql in OVER {
            assert!(by_hand.execute_unprepared(sql).await.is_err(), "{sql}");
        }

        // What leaves rows alone that are there still does, whichever key it goes by.
        let scope = db.write(tenant).await.unwrap();
        let new = || db.clock().uuid();
        let rows = [fact(id, "b", 2), fact(new(), "c", 3), fact(new(), "c", 4)];
        scope.insert_missing([fact(id, "b", 2)], [C::TenantId, C::Id]).await.unwrap();
        scope.insert_missing(rows, []).await.unwrap();
        let one = |name: &str, amount| (name.to_owned(), amount);
        assert_eq!(written(&scope).await, [one("a", 1), one("c", 3)]);
        assert!(scope.insert_all([fact(new(), "a", 5)]).await.unwrap_err().is_unique_violation());
        drop(scope);
        db.close().await;
        by_hand.close().await.unwrap();
    });
}
