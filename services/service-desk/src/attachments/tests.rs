//! Attachments through the graph and the routes.

use super::thumbnail::{SIDE, picture};
use crate::{contacts::tests::logged, service, testing::Stage};
use axum::{Router, routing::post};
use bytes::Bytes;
use contracts::residents::FileKept;
use events::Event as _;
use http::{Request, Response, StatusCode};
use image::ImageFormat;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, Signed, World, eventually, run};

const FIELDS: &str = "id parentId name kind size state caption stage internal link thumbnailLink
    attachedBy { name } removedAt removedBy { name } removalReason";

async fn http(world: &World, request: Request<Bytes>) -> Response<Bytes> {
    world.running.peers.get("service-desk").unwrap().call(request).await.unwrap()
}

/// Uploads a file and answers what the route did.
pub(crate) async fn upload(
    stage: &Stage,
    who: &Signed,
    name: &str,
    bytes: &[u8],
) -> Response<Bytes> {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::post("/files")
        .header("authorization", format!("Bearer {}", who.token()))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body.into())
        .unwrap();
    http(&stage.company.world, request).await
}

/// The id of an uploaded file.
pub(crate) async fn uploaded(stage: &Stage, who: &Signed, name: &str, bytes: &[u8]) -> Value {
    let answer = upload(stage, who, name, bytes).await;
    assert_eq!(answer.status(), StatusCode::CREATED, "{:?}", answer.body());
    let mut body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!((&body["name"], &body["size"]), (&json!(name), &json!(bytes.len())));
    body["id"].take()
}

async fn fetch(stage: &Stage, link: &Value) -> Response<Bytes> {
    let path = link.as_str().unwrap().replace("/files/service-desk/", "/files/");
    http(&stage.company.world, Request::get(path).body(Bytes::new()).unwrap()).await
}

pub(crate) async fn attach(who: &Signed, parent: &Value, file: &Value, key: &str) -> Answer {
    let input = json!({ "parentId": parent, "fileId": file, "caption": "漏水处", "stage": "BEFORE",
        "idempotencyKey": key });
    attach_so(who, input).await
}

pub(super) async fn attach_so(who: &Signed, input: Value) -> Answer {
    let text = format!(
        "mutation($input: AttachInput!) {{ attach(input: $input) {{ attachment {{ {FIELDS} }} }} }}"
    );
    who.send("service-desk", &text, json!({ "input": input })).await
}

async fn attached(stage: &Stage, who: &Signed, parent: &Value, file: &Value) -> Value {
    let done = attach(who, parent, file, &stage.id().to_string()).await;
    done.ok()["attach"]["attachment"].take()
}

pub(super) async fn remove(who: &Signed, attachment: &Value, reason: &str) -> Answer {
    let text = format!(
        "mutation($input: RemoveAttachmentInput!) {{ removeAttachment(input: $input) {{
            attachment {{ {FIELDS} }} }} }}"
    );
    let input = json!({ "attachmentId": attachment["id"], "reason": reason });
    who.send("service-desk", &text, json!({ "input": input })).await
}

pub(crate) async fn ask(who: &Signed, parent: &Value) -> Answer {
    let text = format!(
        "query($parent: ID!) {{ attachments(parentId: $parent) {{ nodes {{ {FIELDS} }} }} }}"
    );
    who.send("service-desk", &text, json!({ "parent": parent })).await
}

pub(super) async fn listed(who: &Signed, parent: &Value) -> Vec<Value> {
    ask(who, parent).await.ok()["attachments"]["nodes"].as_array().unwrap().clone()
}

/// A resident, and what they sent from the app.
pub(super) async fn from_the_app(stage: &Stage) -> (Signed, Value) {
    let (unit, person) = stage.home("6-2-0801", "王建国").await;
    let resident = stage.resident(person).await;
    let sent = json!({ "channel": "APP", "unitId": unit.to_string() });
    let call = logged(stage, &resident, sent).await;
    (resident, call)
}

/// What a company was told to keep, one file after the other.
pub(super) async fn kept(stage: &Stage) -> Vec<FileKept> {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 10_000).await.unwrap().into_iter();
    let ours = all.filter(|it| it.tenant == stage.company.tenant.as_uuid());
    let kept = ours.filter(|it| it.kind == FileKept::KIND);
    kept.map(|it| events::read(&it).unwrap()).collect()
}

/// Waits until the first attachment is so, and answers it.
async fn when(who: &Signed, parent: &Value, holds: impl Fn(&Value) -> bool) -> Value {
    eventually("the file was seen to", || async { holds(&listed(who, parent).await[0]) }).await;
    listed(who, parent).await.remove(0)
}

#[test]
fn a_photo_is_uploaded_attached_made_small_and_fetched() {
    run(async {
        let stage = Stage::new().await;
        let call = logged(&stage, &stage.desk, json!({ "class": "REPAIR" })).await;
        let photo = picture(800, 400, ImageFormat::Jpeg);
        let file = uploaded(&stage, &stage.desk, "水管.jpg", &photo).await;
        let one = attach(&stage.desk, &call["id"], &file, "attach-0001").await.ok();
        let one = &one["attach"]["attachment"];
        assert_eq!((&one["kind"], &one["state"]), (&json!("JPEG"), &json!("READY")));
        assert_eq!((&one["caption"], &one["stage"]), (&json!("漏水处"), &json!("BEFORE")));
        assert_eq!((&one["parentId"], &one["attachedBy"]["name"]), (&call["id"], &json!("陈前台")));
        // The same again is the same; the file itself is attached once.
        let again = attach(&stage.desk, &call["id"], &file, "attach-0001").await.ok();
        assert_eq!(again["attach"]["attachment"]["id"], one["id"]);
        let twice = attach(&stage.desk, &call["id"], &file, "attach-0002").await;
        assert_eq!((twice.code(), twice.field()), ("INVALID", "fileId"));
        let fetched = fetch(&stage, &one["link"]).await;
        assert_eq!(fetched.status(), StatusCode::OK);
        assert_eq!(fetched.headers()["content-type"], "image/jpeg");
        assert_eq!(fetched.body()[..], photo[..]);
        let one = when(&stage.desk, &call["id"], |one| one["thumbnailLink"].is_string()).await;
        let fetched = fetch(&stage, &one["thumbnailLink"]).await;
        let small = image::load_from_memory(fetched.body()).unwrap();
        assert_eq!((small.width(), small.height()), (SIDE, SIDE / 2));
    });
}

#[test]
fn a_file_is_what_its_content_says_and_not_too_large() {
    run(async {
        let stage = Stage::new().await;
        for wrong in [&b"\x7fELF\0"[..], b"<html><script>", b""] {
            let refused = upload(&stage, &stage.desk, "photo.jpg", wrong).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        }
        let call = logged(&stage, &stage.desk, json!({})).await;
        let file = uploaded(&stage, &stage.desk, "photo.jpg", b"%PDF-1.7 quote").await;
        assert_eq!(attached(&stage, &stage.desk, &call["id"], &file).await["kind"], "PDF");
        let large = vec![b'x'; files::MAX_BYTES + 1];
        let refused = upload(&stage, &stage.desk, "large.csv", &large).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        // A broken photo is kept and has no thumbnail.
        let broken = uploaded(&stage, &stage.desk, "broken.jpg", b"\xFF\xD8\xFFnothing").await;
        let broken = attached(&stage, &stage.desk, &call["id"], &broken).await;
        assert_eq!((&broken["kind"], &broken["thumbnailLink"]), (&json!("JPEG"), &json!(null)));
        // A contractor, who hangs files on nothing, uploads none.
        let contractor = stage.company.staff("CTR", stage.estate).await;
        let refused = upload(&stage, &contractor, "a.csv", b"a,b").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    });
}

#[test]
fn an_attachment_is_seen_where_its_contact_is_and_nowhere_else() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        let (_, neighbour) = stage.home("6-2-0802", "李梅").await;
        let (resident, neighbour) = (stage.resident(person).await, stage.resident(neighbour).await);
        let sent = json!({ "channel": "APP", "unitId": unit.to_string() });
        let call = logged(&stage, &resident, sent).await;
        let file = uploaded(&stage, &resident, "a.csv", b"a,b").await;
        // Somebody else's file, and somebody else's contact.
        let other = attach(&stage.desk, &call["id"], &file, "attach-0001").await;
        assert_eq!(other.code(), "NOT_FOUND");
        let theirs = uploaded(&stage, &neighbour, "b.csv", b"a,b").await;
        let other = attach(&neighbour, &call["id"], &theirs, "attach-0001").await;
        assert_eq!(other.code(), "NOT_FOUND");
        let one = attached(&stage, &resident, &call["id"], &file).await;
        assert_eq!(listed(&stage.desk, &call["id"]).await.len(), 1);
        let strangers = Stage::new().await;
        for who in [&neighbour, &strangers.supervisor] {
            assert_eq!(ask(who, &call["id"]).await.code(), "NOT_FOUND");
            assert_eq!(remove(who, &one, "不应出现").await.code(), "NOT_FOUND");
        }
        let wrong = ask(&stage.desk, &json!(unit.to_string())).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "parentId"));
        // A link is for its own file, of its own company, and nothing without a signature.
        let link = one["link"].as_str().unwrap();
        let there = strangers.company.tenant.as_uuid().simple().to_string();
        let here = stage.company.tenant.as_uuid().simple().to_string();
        for broken in [
            link.replace(&here, &there),
            link.replace("signature=", "signature=00"),
            link.replace(file.as_str().unwrap(), theirs.as_str().unwrap()),
        ] {
            assert_eq!(fetch(&stage, &json!(broken)).await.status(), StatusCode::NOT_FOUND);
        }
        // What nobody attached yet is handed to nobody.
        assert_eq!(fetch(&stage, &json!(link)).await.status(), StatusCode::OK);
    });
}

#[test]
fn what_is_taken_away_leaves_a_trace_and_its_link_ends() {
    run(async {
        let stage = Stage::new().await;
        let (resident, call) = from_the_app(&stage).await;
        let staffs = uploaded(&stage, &stage.desk, "a.csv", b"a,b").await;
        let staffs = attached(&stage, &stage.desk, &call["id"], &staffs).await;
        let own = uploaded(&stage, &resident, "b.csv", b"a,b").await;
        let own = attached(&stage, &resident, &call["id"], &own).await;
        let wrong = remove(&stage.desk, &staffs, " ").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "reason"));
        assert_eq!(remove(&resident, &staffs, "不是我的").await.code(), "NOT_FOUND");
        let clerk = stage.company.staff("CLERK", stage.estate).await;
        assert_eq!(remove(&clerk, &staffs, "不是我的").await.code(), "FORBIDDEN");
        remove(&resident, &own, "传错了").await.ok();
        let gone = remove(&stage.supervisor, &staffs, "照片含他人信息").await.ok();
        let gone = &gone["removeAttachment"]["attachment"];
        assert_eq!((&gone["link"], &gone["removedBy"]["name"]), (&json!(null), &json!("林主管")));
        assert_eq!(gone["removalReason"], "照片含他人信息");
        assert_eq!(fetch(&stage, &staffs["link"]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(remove(&stage.supervisor, &staffs, "再来一次").await.code(), "CONFLICT");
        assert_eq!(listed(&stage.desk, &call["id"]).await.len(), 2);
    });
}

#[test]
fn a_link_is_good_for_ten_minutes() {
    run(async {
        let world = crate::testing::own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let call = logged(&stage, &stage.desk, json!({})).await;
        let file = uploaded(&stage, &stage.desk, "a.csv", b"a,b").await;
        let one = attached(&stage, &stage.desk, &call["id"], &file).await;
        world.clock.advance(chrono::Duration::minutes(9));
        assert_eq!(fetch(&stage, &one["link"]).await.status(), StatusCode::OK);
        world.clock.advance(chrono::Duration::minutes(1));
        assert_eq!(fetch(&stage, &one["link"]).await.status(), StatusCode::NOT_FOUND);
    });
}

/// A scanner that finds a virus in what says so.
async fn scanner() -> String {
    let scan = |body: Bytes| async move {
        let found = body.windows(5).any(|part| part == b"EICAR");
        if found { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/scan", post(scan));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}/scan")
}

#[test]
fn a_file_waits_for_the_scanner_and_an_infected_one_is_never_handed_out() {
    run(async {
        let url = scanner().await;
        let extra = [("VIRUS_SCAN_URL", url.as_str())];
        let world = Arc::new(World::start(vec![service()], &extra).await);
        let stage = Stage::in_world(&world).await;
        let (clean, sick) = (
            logged(&stage, &stage.desk, json!({})).await,
            logged(&stage, &stage.desk, json!({})).await,
        );
        let photo = picture(400, 400, ImageFormat::Png);
        let file = uploaded(&stage, &stage.desk, "a.png", &photo).await;
        attached(&stage, &stage.desk, &clean["id"], &file).await;
        let one = when(&stage.desk, &clean["id"], |one| one["thumbnailLink"].is_string()).await;
        assert_eq!(one["state"], "READY");
        assert_eq!(fetch(&stage, &one["link"]).await.status(), StatusCode::OK);

        let file = uploaded(&stage, &stage.desk, "b.csv", b"a,EICAR").await;
        let done = attach(&stage.desk, &sick["id"], &file, "attach-0001").await;
        // Whether it was attached before or after the scan, nobody is handed it.
        if done.errors.is_empty() {
            let one = when(&stage.desk, &sick["id"], |one| one["state"] == "INFECTED").await;
            assert_eq!((&one["link"], &one["thumbnailLink"]), (&json!(null), &json!(null)));
        } else {
            assert_eq!((done.code(), done.field()), ("INVALID", "fileId"));
        }
        let store = files::FileStore::from_config(
            &world.context("service-desk").config,
            world.clock.clone(),
        );
        let link = store.unwrap().download_link(
            "service-desk",
            stage.company.tenant,
            file.as_str().unwrap().parse().unwrap(),
            "b.csv",
        );
        assert_eq!(fetch(&stage, &json!(link)).await.status(), StatusCode::NOT_FOUND);
        eventually("the file is known to be infected", || async {
            let again = attach(&stage.desk, &clean["id"], &file, "attach-0003").await;
            !again.errors.is_empty() && again.field() == "fileId"
        })
        .await;
    });
}
