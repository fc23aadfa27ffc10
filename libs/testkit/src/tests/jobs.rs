//! Leases and idempotency keys.

use super::world;
use crate::run;
use chrono::Duration;
use db::{Idempotency, IdempotencyError, IdempotencyKey, JobEnd, JobKind, enqueue_job};

#[test]
fn a_silent_workers_job_goes_to_the_next_one() {
    run(async {
        const KIND: JobKind = JobKind("test_lease");
        let world = world().await;
        let (db, worker) = (world.db("notes"), world.db("notes").worker());
        let scope = db.write(world.company().tenant).await.unwrap();
        enqueue_job(&scope, KIND, scope.new_id()).await.unwrap();
        scope.commit().await.unwrap();
        let expired = -Duration::seconds(1);
        let first = worker.claim_job(KIND, "one", expired).await.unwrap().expect("a job");
        let second =
            worker.claim_job(KIND, "two", Duration::seconds(30)).await.unwrap().expect("it again");
        assert_eq!(first.id, second.id);
        assert!(!worker.keep_job(KIND, &first, "one", Duration::seconds(30)).await.unwrap());
        assert!(worker.claim_job(KIND, "three", Duration::seconds(30)).await.unwrap().is_none());
        worker.end_job(KIND, &second, JobEnd::Done).await.unwrap();
        assert!(worker.claim_job(KIND, "three", Duration::seconds(30)).await.unwrap().is_none());
    });
}

#[test]
fn what_is_asked_for_while_somebody_is_at_it_is_done_once_more() {
    run(async {
        const KIND: JobKind = JobKind("test_again");
        let lease = Duration::seconds(30);
        let world = world().await;
        let (db, worker) = (world.db("notes"), world.db("notes").worker());
        let tenant = world.company().tenant;
        let id = db.clock().uuid();
        let ask = || async {
            let scope = db.write(tenant).await.unwrap();
            enqueue_job(&scope, KIND, id).await.unwrap();
            scope.commit().await.unwrap();
        };
        for end in [JobEnd::Done, JobEnd::Failed] {
            ask().await;
            ask().await;
            let turn = worker.claim_job(KIND, "one", lease).await.unwrap().expect("a job");
            ask().await;
            ask().await;
            assert!(worker.claim_job(KIND, "two", lease).await.unwrap().is_none());
            assert!(worker.keep_job(KIND, &turn, "one", lease).await.unwrap());
            worker.end_job(KIND, &turn, end).await.unwrap();
            let more = worker.claim_job(KIND, "one", lease).await.unwrap().expect("it once more");
            worker.end_job(KIND, &more, end).await.unwrap();
            assert!(worker.claim_job(KIND, "one", lease).await.unwrap().is_none());
        }
    });
}

#[test]
fn a_key_stands_for_one_act() {
    run(async {
        let world = world().await;
        let (db, tenant) = (world.db("notes"), world.company().tenant);
        let key: IdempotencyKey = "a-key-of-mine".parse().unwrap();
        let scope = db.write(tenant).await.unwrap();
        let act = Idempotency::new(&scope, "pay", &key, &("unit", 100)).unwrap();
        assert_eq!(act.first_answer::<String>().await.unwrap(), None);
        act.keep(&"done").await.unwrap();
        scope.commit().await.unwrap();

        let scope = db.write(tenant).await.unwrap();
        let again = Idempotency::new(&scope, "pay", &key, &("unit", 100)).unwrap();
        assert_eq!(again.first_answer::<String>().await.unwrap().as_deref(), Some("done"));
        let other = Idempotency::new(&scope, "pay", &key, &("unit", 101)).unwrap();
        assert!(matches!(other.first_answer::<String>().await, Err(IdempotencyError::OtherInput)));
        drop(scope);

        let stranger = db.write(world.company().tenant).await.unwrap();
        let theirs = Idempotency::new(&stranger, "pay", &key, &("unit", 100)).unwrap();
        assert_eq!(theirs.first_answer::<String>().await.unwrap(), None);
    });
}
