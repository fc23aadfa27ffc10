//! The lists of partners and their settlements, and rows for them.

use super::{
    PartnerId, SettlementId,
    domain::{Settlement, SettlementState, Sums},
    repo,
    tests::partner,
};
use crate::testing::Stage;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.servicePartners",
        "/servicePartners/edges",
        "servicePartners(estateId: $estate, first: 100) { edges { node { name } } }",
    ),
    (
        "Query.partnerSettlements",
        "/partnerSettlements/edges",
        "partnerSettlements(estateId: $estate, first: 100) { edges { node { partnerName
            preparedBy { name } decidedBy { name } } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let partner: PartnerId = partner(stage, &format!("家政{n}")).await.parse().unwrap();
    let db = stage.company.world.db("service-desk");
    let scope = db.write(stage.company.tenant).await.unwrap();
    let settlement = Settlement {
        id: SettlementId::from_uuid(scope.new_id()),
        estate: stage.estate,
        partner,
        month: "2026-06-01".parse().unwrap(),
        state: SettlementState::Prepared,
        version: 1,
        sums: Sums::default(),
        prepared_by: stage.supervisor.user,
        prepared_at: scope.now(),
        decided: None,
        decision: None,
    };
    repo::insert(&scope, &settlement, &[]).await.unwrap();
    scope.commit().await.unwrap();
}
