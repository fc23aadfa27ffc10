//! Leases and idempotency keys.

use super::world;
use crate::run;
use chrono::Duration;
use db::{
    Idempotency, IdempotencyError, IdempotencyKey, JobEnd, JobKind, enqueue_job, reschedule_job,
    withdraw_job,
};

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
fn a_waiting_job_is_moved_earlier_and_later_and_taken_back() {
    run(async {
        const KIND: JobKind = JobKind("test_moved");
        let lease = Duration::seconds(30);
        let world = world().await;
        let (db, worker) = (world.db("notes"), world.db("notes").worker());
        let (tenant, id) = (world.company().tenant, db.clock().uuid());
        let at = |minutes: i64| async move {
            let scope = db.write(tenant).await.unwrap();
            let when = scope.now() + Duration::minutes(minutes);
            reschedule_job(&scope, KIND, id, when).await.unwrap();
            scope.commit().await.unwrap();
        };
        let claim = || async { worker.claim_job(KIND, "one", lease).await.unwrap() };
        at(5).await;
        assert!(claim().await.is_none());
        at(0).await;
        at(9).await;
        assert!(claim().await.is_none(), "it was moved to later");
        at(-1).await;
        let turn = claim().await.expect("its time has come");
        // Somebody who is at it may set the next time, and so may anybody else.
        at(5).await;
        at(0).await;
        assert!(claim().await.is_none(), "somebody is at it");
        worker.end_job(KIND, &turn, JobEnd::Done).await.unwrap();
        let turn = claim().await.expect("it once more");
        at(5).await;
        worker.end_job(KIND, &turn, JobEnd::Failed).await.unwrap();
        assert!(claim().await.is_none());
        // It ends for good only when nobody asks any more.
        at(0).await;
        let turn = claim().await.expect("a third time");
        at(0).await;
        let scope = db.write(tenant).await.unwrap();
        withdraw_job(&scope, KIND, id).await.unwrap();
        scope.commit().await.unwrap();
        worker.end_job(KIND, &turn, JobEnd::Done).await.unwrap();
        assert!(claim().await.is_none());
        at(0).await;
        let scope = db.write(tenant).await.unwrap();
        withdraw_job(&scope, KIND, id).await.unwrap();
        scope.commit().await.unwrap();
        assert!(claim().await.is_none());
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
