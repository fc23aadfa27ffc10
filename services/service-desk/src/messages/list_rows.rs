//! Rows for the lists of messages.

use super::{
    Channel, DeliveryId, MessageKind, Words, Written, delivery, delivery::Delivery, post_all,
};
use crate::testing::Stage;
use contracts::{PersonId, UnitId};
use serde_json::json;
use testkit::Signed;

/// Each list, where its rows are, and how it is asked; the inbox is asked by [`reader`].
pub(crate) const LISTS: [(&str, &str, &str); 3] = [
    (
        "Query.deliveries",
        "/deliveries/edges",
        "deliveries(estateId: $estate, first: 100) { edges { node { address personName } } }",
    ),
    (
        "Query.inbox",
        "/inbox/edges",
        "inbox(estateId: $estate, first: 100) { edges { node { title unitLabel } } }",
    ),
    (
        "Query.messageTemplates",
        "/messageTemplates/edges",
        "messageTemplates(estateId: $estate, first: 100) { edges { node { code savedBy { name } } } }",
    ),
];

async fn owner(stage: &Stage, unit: UnitId) -> PersonId {
    let db = stage.company.world.db("service-desk");
    let scope = db.read(stage.company.tenant).await.unwrap();
    places::homes::members(&scope, [unit]).await.unwrap()[0].person
}

/// Whose inbox it is.
pub(crate) async fn reader(stage: &Stage, unit: UnitId) -> Signed {
    stage.resident(owner(stage, unit).await).await
}

/// Whose inbox it is wants no letters of the surveys that other lists make.
async fn no_surveys(who: &Signed) {
    let text =
        "mutation($input: SetMessagePreferencesInput!) { setMessagePreferences(input: $input) {
        messagePreferences { version } } }";
    let kinds = json!([{ "kind": "SURVEY", "channels": [] }]);
    let input = json!({ "language": "ZH", "kinds": kinds, "expectedVersion": 0 });
    who.send("service-desk", text, json!({ "input": input })).await.ok();
}

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, unit: UnitId, n: usize) {
    let person = owner(stage, unit).await;
    if n == 0 {
        no_surveys(&reader(stage, unit).await).await;
    }
    let db = stage.company.world.db("service-desk");
    let scope = db.write(stage.company.tenant).await.unwrap();
    let words = || Words { zh: "停水".to_owned(), en: "Water off".to_owned() };
    let letter = Written {
        estate: stage.estate,
        person,
        unit: Some(unit),
        kind: MessageKind::Notice,
        title: words(),
        body: words(),
        reference: format!("list/{n}"),
    };
    post_all(&scope, vec![letter]).await.unwrap();
    let id = DeliveryId::from_uuid(scope.new_id());
    let way = (Channel::Email, "w***@example.com".to_owned());
    let mut delivery = Delivery::of_code(id, person, way, scope.now());
    delivery.estate = Some(stage.estate);
    delivery::insert(&scope, vec![delivery]).await.unwrap();
    scope.commit().await.unwrap();
    let text = "mutation($input: SaveMessageTemplateInput!) { saveMessageTemplate(input: $input) {
        messageTemplate { code } } }";
    let both = json!({ "zh": "停水", "en": "Water off" });
    let input = json!({ "estateId": stage.estate.to_string(), "code": format!("LIST_{n}"),
        "kind": "NOTICE", "title": both, "body": both, "expectedVersion": 0 });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
