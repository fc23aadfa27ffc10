//! One of many values.

use super::{notes::row, world};
use crate::run;
use ids::EstateId;
use sea_orm::{ActiveValue::Set, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

#[test]
fn one_of_none_is_nothing_and_one_of_many_is_each_of_them() {
    run(async {
        let world = world().await;
        let scope = world.db("notes").write(world.company().tenant).await.unwrap();
        let estate = EstateId::from_uuid(scope.new_id());
        let ids: Vec<Uuid> = (0..600).map(|_| scope.new_id()).collect();
        let note = |id: &Uuid| row::ActiveModel {
            id: Set(*id),
            estate_id: Set(estate.as_uuid()),
            text: Set("a note".to_owned()),
            echoes: Set(0),
            ..Default::default()
        };
        scope.insert_all(ids.iter().map(note)).await.unwrap();
        for wanted in [&ids[..0], &ids[..1], &ids[..63], &ids[100..600]] {
            let want: BTreeSet<Uuid> = wanted.iter().copied().collect();
            let built = scope.find::<row::Entity>();
            let built =
                built.filter_in(row::Column::Id, wanted.iter().copied()).all().await.unwrap();
            assert_eq!(built.iter().map(|note| note.id).collect::<BTreeSet<_>>(), want);
            let mut values = vec![estate.as_uuid().into()];
            let list = scope.one_of(&mut values, wanted.iter().copied());
            let sql = format!(
                "SELECT id FROM notes WHERE tenant_id = $1 AND estate_id = $2 AND id {list}"
            );
            let written: Vec<Found> = scope.rows(&sql, values).await.unwrap();
            assert_eq!(written.iter().map(|note| note.id).collect::<BTreeSet<_>>(), want);
        }
    });
}
