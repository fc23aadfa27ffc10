//! Batches: all notices in one file, whatever happens on the way.

use super::{
    BATCH,
    job::{Step, chunk},
    repo::{self, Batch, BatchState, Filter},
};
use crate::{
    documents::tests::{fetch, text_of},
    ids::NoticeBatchId,
    testing::{Stage, member},
};
use contracts::{
    BuildingId,
    residents::{MemberKind, UnitUse},
};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};
use texts::Language;

const BATCH_FIELDS: &str = "id state total done pages link";

/// An estate with so many billed units in two buildings.
async fn billed(units: usize) -> (Stage, [BuildingId; 2]) {
    let stage = Stage::new().await;
    let owner = stage.person();
    let buildings = [BuildingId::from_uuid(stage.id()), BuildingId::from_uuid(stage.id())];
    let mut members = Vec::new();
    for (building, (code, many)) in
        buildings.iter().zip([("1", units - units / 2), ("2", units / 2)])
    {
        let labels: Vec<String> = (0..many).map(|n| format!("{code}-1-{:04}", 101 + n)).collect();
        let wanted = labels.iter().map(|label| (label.as_str(), "100", UnitUse::Residential));
        let made = stage.units(*building, code, &wanted.collect::<Vec<_>>()).await;
        members.extend(made.into_iter().map(|unit| {
            (unit, vec![member(owner, "王芳", MemberKind::Owner, "2026-06-01", None)])
        }));
    }
    stage.members(members).await;
    stage.property_fee().await;
    stage.run("2026-07").await;
    (stage, buildings)
}

async fn start(stage: &Stage, who: &Signed, extra: &Value, key: &str) -> Answer {
    let mut input = json!({ "estateId": stage.estate.to_string(), "idempotencyKey": key });
    for (name, value) in extra.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    let text = format!(
        "mutation($input: StartNoticeBatchInput!) {{ startNoticeBatch(input: $input) {{ batch {{ {BATCH_FIELDS} }} }} }}"
    );
    who.send("billing", &text, json!({ "input": input })).await
}

async fn seen(stage: &Stage, id: &Value) -> Value {
    let text = format!("query($id: ID!) {{ noticeBatch(id: $id) {{ {BATCH_FIELDS} }} }}");
    let data = stage.finance.send("billing", &text, json!({ "id": id })).await.ok();
    data["noticeBatch"].clone()
}

async fn ends(stage: &Stage, id: &Value) -> Value {
    eventually("the batch ends", || async {
        !["QUEUED", "RUNNING"].contains(&seen(stage, id).await["state"].as_str().unwrap())
    })
    .await;
    seen(stage, id).await
}

#[test]
fn the_notices_of_an_estate_come_in_one_file_in_the_order_of_delivery() {
    run(async {
        let (stage, buildings) = billed(7).await;
        let made = start(&stage, &stage.finance, &json!({ "language": "EN" }), "batch-key-1").await;
        let id = made.ok()["startNoticeBatch"]["batch"]["id"].clone();
        let done = ends(&stage, &id).await;
        assert_eq!((&done["state"], &done["total"]), (&json!("DONE"), &json!(7)));
        assert_eq!((&done["done"], &done["pages"]), (&json!(7), &json!(7)));
        let (status, kind, pdf) = fetch(&stage.company.world, done["link"].as_str().unwrap()).await;
        assert_eq!((status.as_u16(), kind.as_str()), (200, "application/pdf"));
        let text = text_of(&pdf);
        let dense: String = text.split_whitespace().collect();
        let at = |label: &str| text.find(label).unwrap_or_else(|| panic!("{label} in {text}"));
        assert!(at("1-1-0101") < at("1-1-0104") && at("1-1-0104") < at("2-1-0101"));
        assert_eq!(dense.matches("Page1of1").count(), 7, "each notice counts its own pages");
        // A repeat is the same batch; the same key with another input is refused.
        let again =
            start(&stage, &stage.finance, &json!({ "language": "EN" }), "batch-key-1").await;
        assert_eq!(again.ok()["startNoticeBatch"]["batch"]["id"], id);
        let other = start(&stage, &stage.finance, &json!({ "unpaid": true }), "batch-key-1").await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        let building = json!({ "buildingId": buildings[1].to_string(), "unpaid": true });
        let part = start(&stage, &stage.finance, &building, "batch-key-2").await.ok();
        let part = ends(&stage, &part["startNoticeBatch"]["batch"]["id"]).await;
        assert_eq!(part["total"], 3);
    });
}

#[test]
fn who_may_not_print_prints_nothing() {
    run(async {
        let (stage, _) = billed(1).await;
        let desk = stage.company.staff("DESK", stage.estate).await;
        let made = start(&stage, &desk, &json!({}), "batch-key-3").await.ok();
        let id = made["startNoticeBatch"]["batch"]["id"].clone();
        ends(&stage, &id).await;
        let elsewhere = stage.company.estate("NTH", "北苑").await;
        let stranger = stage.company.staff("DESK", elsewhere).await;
        let officer = stage.company.staff("PO", stage.estate).await;
        for who in [&stranger, &officer] {
            assert_eq!(start(&stage, who, &json!({}), "batch-key-4").await.code(), "NOT_FOUND");
            let text = "query($id: ID!) { noticeBatch(id: $id) { id } }";
            let asked = who.send("billing", text, json!({ "id": id })).await;
            assert_eq!(asked.code(), "NOT_FOUND");
        }
        // A building and a run of another estate are none.
        for extra in [
            json!({ "buildingId": BuildingId::from_uuid(stage.id()).to_string() }),
            json!({ "runId": crate::ids::BillRunId::from_uuid(stage.id()).to_string() }),
        ] {
            let answer = start(&stage, &desk, &extra, "batch-key-5").await;
            assert_eq!(answer.code(), "NOT_FOUND", "{extra}");
        }
    });
}

/// A batch on which nobody works yet.
async fn unattended(stage: &Stage, total: i64) -> NoticeBatchId {
    let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
    let batch = Batch {
        id: NoticeBatchId::from_uuid(scope.new_id()),
        estate: stage.estate,
        filter: Filter::default(),
        language: Language::Zh,
        state: BatchState::Queued,
        after: None,
        total,
        done: 0,
        pages: None,
        file: None,
        started_by: stage.finance.user,
        started_at: scope.now(),
        finished_at: None,
    };
    repo::insert(&scope, &batch).await.unwrap();
    scope.commit().await.unwrap();
    batch.id
}

async fn begin(stage: &Stage, id: NoticeBatchId) {
    let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
    db::enqueue_job(&scope, BATCH, id.as_uuid()).await.unwrap();
    scope.commit().await.unwrap();
}

#[test]
fn a_batch_that_is_killed_goes_on_where_it_stopped() {
    run(async {
        let (stage, _) = billed(230).await;
        let id = unattended(&stage, 230).await;
        let db = stage.company.world.db("billing").clone();
        let tenant = stage.company.tenant;
        assert_eq!(chunk(&db, tenant, id, None).await.unwrap(), Step::More);
        // In the second chunk the process dies: the transaction is dropped.
        let second = chunk(&db, tenant, id, None);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(5), second).await;
        begin(&stage, id).await;
        let done = ends(&stage, &json!(id.to_string())).await;
        assert_eq!((&done["state"], &done["pages"]), (&json!("DONE"), &json!(230)));
        let scope = db.read(tenant).await.unwrap();
        let left = repo::prepared(&scope, id, &(String::new(), uuid::Uuid::nil()), 1).await;
        assert!(left.unwrap().is_empty(), "what was prepared is forgotten");
    });
}

#[test]
fn a_batch_that_is_given_up_writes_no_file() {
    run(async {
        let (stage, _) = billed(3).await;
        let id = unattended(&stage, 3).await;
        let db = stage.company.world.db("billing").clone();
        assert_eq!(chunk(&db, stage.company.tenant, id, None).await.unwrap(), Step::More);
        let text = "mutation($input: CancelNoticeBatchInput!) { cancelNoticeBatch(input: $input) { batch { state } } }";
        let input = json!({ "input": { "batchId": id.to_string(), "reason": "打印机故障" } });
        let given_up = stage.finance.send("billing", text, input).await.ok();
        assert_eq!(given_up["cancelNoticeBatch"]["batch"]["state"], "CANCELLED");
        assert_eq!(chunk(&db, stage.company.tenant, id, None).await.unwrap(), Step::Over);
        let seen = seen(&stage, &json!(id.to_string())).await;
        assert_eq!((&seen["state"], &seen["link"]), (&json!("CANCELLED"), &Value::Null));
    });
}
