//! Who takes money does not wait for others who take money into the same till.

use super::{Account, Entry, Posting, Till, balance, post};
use crate::{ids::BillingAccountId, service, testing::Stage};
use db::DbKind;
use money::{Currency, Fen};
use std::{sync::Arc, time::Duration};
use testkit::{World, run};
use tokio::time::timeout;

/// Payments at one time.
const PAYMENTS: i64 = 50;

#[test]
fn fifty_payments_into_one_till_do_not_queue() {
    run(async {
        let world = World::start(vec![service()], &[("DATABASE_CONNECTIONS", "60")]).await;
        let stage = Stage::in_world(&Arc::new(world)).await;
        let db = stage.company.world.db("billing").clone();
        // SQLite has one writer, whatever is written.
        let at_once = if db.kind() == DbKind::Sqlite { 1 } else { PAYMENTS };
        for _ in 0..PAYMENTS / at_once {
            let mut open = Vec::new();
            for _ in 0..at_once {
                let scope = db.write(stage.company.tenant).await.unwrap();
                let posting = cash(&stage);
                let posted = timeout(Duration::from_secs(20), post(&scope, posting)).await;
                posted.expect("nobody is waited for").unwrap();
                open.push(scope);
            }
            // All of them are in the middle of their transactions at this point.
            for scope in open {
                scope.commit().await.unwrap();
            }
        }
        let scope = db.read(stage.company.tenant).await.unwrap();
        let till = balance(&scope, stage.estate, Account::Cash).await.unwrap();
        assert_eq!(till, Fen(PAYMENTS * 100));
    });
}

fn cash(stage: &Stage) -> Posting {
    let payer = BillingAccountId::from_uuid(stage.id());
    let entry = Entry::payment(Till::Cash, payer, Fen::ZERO, Fen(100), Currency::CNY);
    Posting {
        estate: stage.estate,
        entry: entry.unwrap(),
        date: "2026-07-31".parse().unwrap(),
        source: "pay_test".to_owned(),
        memo: String::new(),
    }
}
