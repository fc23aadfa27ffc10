//! A table that grows is known to have grown.

use super::{notes::row, world};
use crate::{Backend, eventually, raw_connection, run};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, Statement};

#[test]
fn a_table_is_looked_at_again_once_it_has_grown_and_not_before_its_rows_are_kept() {
    run(async {
        let world = world().await;
        if world.backend != Backend::Postgres {
            return;
        }
        let by_hand = raw_connection(world.context("notes"), "notes").await;
        let known = || async {
            let sql = "SELECT reltuples FROM pg_class WHERE oid = 'notes'::regclass";
            let asked = Statement::from_string(by_hand.get_database_backend(), sql);
            by_hand.query_one_raw(asked).await.unwrap().unwrap().try_get_by::<f32, _>(0).unwrap()
        };
        let scope = world.db("notes").write(world.company().tenant).await.unwrap();
        let estate = EstateId::from_uuid(scope.new_id());
        let notes = (0..1_000).map(|_| row::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(estate.as_uuid()),
            text: Set("a note of some length ".repeat(20)),
            echoes: Set(0),
            ..Default::default()
        });
        scope.insert_all(notes).await.unwrap();
        assert!(known().await < 1_000.0);
        scope.commit().await.unwrap();
        eventually("it is known", || async { known().await >= 1_000.0 }).await;
    });
}
