//! Every event is taken in once, in order, whatever happens in between.

use super::{company_with_note, notes, world};
use crate::{Company, eventually, run};
use sea_orm::ColumnTrait as _;

async fn echoes(company: &Company, id: &str) -> i32 {
    let id: notes::NoteId = id.parse().unwrap();
    let scope = company.world.db("notes").read(company.tenant).await.unwrap();
    let note = scope.find::<notes::row::Entity>().filter(notes::row::Column::Id.eq(id.as_uuid()));
    note.one().await.unwrap().unwrap().echoes
}

#[test]
fn an_event_has_its_effect_once_and_a_job_too() {
    run(async {
        let (company, _, id) = company_with_note("mine").await;
        eventually("the event and the job are done", || async {
            echoes(&company, &id).await == 101
        })
        .await;
        // Delivered again, as after the loss of a redis: the inbox refuses every one of them.
        let db = world().await.db("notes").clone();
        let taken = db.worker().inbox_position("notes").await.unwrap();
        for event in db.events_after(0, 1_000).await.unwrap() {
            if event.position <= taken {
                let scope = db.write(ids::TenantId::from_uuid(event.tenant)).await.unwrap();
                assert!(!scope.take_in("notes", event.position).await.unwrap());
            }
        }
        assert_eq!(echoes(&company, &id).await, 101);
    });
}

#[test]
fn positions_have_no_gaps_however_many_write() {
    run(async {
        let company = world().await.company();
        let db = world().await.db("notes").clone();
        let writers = (0..16).map(|n| {
            let (db, tenant) = (db.clone(), company.tenant);
            tokio::spawn(async move {
                let scope = db.write(tenant).await.unwrap();
                let note = notes::NoteId::from_uuid(scope.new_id());
                events::publish(&scope, &notes::NoteWritten { note }).await.unwrap();
                // Every third one thinks better of it.
                if n % 3 != 0 {
                    scope.commit().await.unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        db.worker().place_events().await.unwrap();
        let events = db.events_after(0, 10_000).await.unwrap();
        let positions: Vec<i64> = events.iter().map(|event| event.position).collect();
        let expected: Vec<i64> = (1..=i64::try_from(positions.len()).unwrap()).collect();
        assert_eq!(positions, expected);
        let mine = events.iter().filter(|event| event.tenant == company.tenant.as_uuid()).count();
        assert_eq!(mine, 10);
    });
}
