//! Requests whose client leaves in the middle.

use super::world;
use crate::{Backend, eventually, raw_connection, run};
use sea_orm::{ConnectionTrait as _, Statement};
use std::time::Duration;

const OPEN: &str = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                    AND state LIKE 'idle in transaction%'";

#[test]
fn a_transaction_cut_off_while_it_begins_is_not_left_open() {
    run(async {
        let world = world().await;
        if world.backend != Backend::Postgres {
            return;
        }
        let (db, tenant) = (world.db("notes"), world.company().tenant);
        for turn in 0..400 {
            let patience = Duration::from_micros(25 * (turn % 40));
            let read = async { db.read(tenant).await.map(drop) };
            let write = async { db.write(tenant).await.map(drop) };
            let both = async { tokio::try_join!(read, write).map(drop) };
            if let Ok(Err(error)) = tokio::time::timeout(patience, both).await {
                panic!("{error}");
            }
        }
        let by_hand = raw_connection(world.context("notes"), "notes").await;
        eventually("no connection waits in a transaction", || async {
            let open = Statement::from_string(by_hand.get_database_backend(), OPEN);
            by_hand.query_all_raw(open).await.unwrap().is_empty()
        })
        .await;
        by_hand.close().await.unwrap();
    });
}
