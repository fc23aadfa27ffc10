use crate::fixture::{Office, PASSWORD};
use serde_json::{Value, json};

const ADD: &str = "mutation($i: AddStaffInput!) { addStaff(input: $i) { staff { id login position { code } } passwordToken } }";
const UPDATE: &str =
    "mutation($i: UpdateStaffInput!) { updateStaff(input: $i) { staff { name phone } } }";
const END: &str = "mutation($i: EndStaffInput!) { endStaff(input: $i) { staff { endedAt login grants { id } } } }";
const POSITION: &str =
    "mutation($i: CreatePositionInput!) { createPosition(input: $i) { position { id code } } }";

fn person(login: &str) -> Value {
    json!({ "i": { "login": login, "name": "陈静", "phone": "13800000000" } })
}

#[test]
fn a_new_member_of_staff_sets_a_password_with_the_token() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let position = json!({ "i": { "code": "DESK", "nameZh": "客服前台", "nameEn": "Front desk", "headcount": 4 } });
        let position = office.send(&admin, POSITION, position).await.ok();
        let mut input = person("Chen.Jing");
        input["i"]["positionId"] = position["createPosition"]["position"]["id"].clone();
        let added = office.send(&admin, ADD, input).await.ok();
        assert_eq!(added["addStaff"]["staff"]["login"], "chen.jing");
        assert_eq!(added["addStaff"]["staff"]["position"]["code"], "DESK");
        assert_eq!(office.try_sign_in("chen.jing", PASSWORD).await.0, 401);
        let body = json!({ "token": added["addStaff"]["passwordToken"], "password": PASSWORD });
        assert_eq!(office.post("/auth/password-reset", body.clone()).await.0, 204);
        assert_eq!(office.try_sign_in("CHEN.JING", PASSWORD).await.0, 200);
        assert_eq!(office.post("/auth/password-reset", body).await.0, 401, "once only");

        let taken = office.send(&admin, ADD, person("desk")).await;
        assert_eq!((taken.code(), taken.field()), ("INVALID", "login"));
        let mut unknown = person("other");
        unknown["i"]["positionId"] = json!("pos_00000000000000000000000000000001");
        assert_eq!(office.send(&admin, ADD, unknown).await.code(), "NOT_FOUND");
        let input = json!({ "i": { "id": added["addStaff"]["staff"]["id"], "name": "陈晶" } });
        let changed = office.send(&admin, UPDATE, input).await.ok();
        assert_eq!(changed["updateStaff"]["staff"], json!({ "name": "陈晶", "phone": null }));
    });
}

#[test]
fn whoever_leaves_loses_everything_at_once() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let desk = office.sign_in("desk").await;
        let input = json!({ "i": { "id": office.user("desk") } });
        let ended = office.send(&admin, END, input.clone()).await.ok();
        assert_eq!(ended["endStaff"]["staff"]["grants"], json!([]));
        assert_eq!(ended["endStaff"]["staff"]["login"], json!(null));
        office.policy_reached().await;
        let viewer = "{ viewer { id } }";
        assert_eq!(office.send(&desk.access, viewer, json!({})).await.code(), "UNAUTHENTICATED");
        let body = json!({ "refreshToken": desk.refresh });
        assert_eq!(office.post("/auth/session/refresh?mode=token", body).await.0, 401);
        assert_eq!(office.try_sign_in("desk", PASSWORD).await.0, 401);
        assert_eq!(office.send(&admin, END, input).await.code(), "NOT_FOUND");
        office.send(&admin, ADD, person("desk")).await.ok();
        let own = json!({ "i": { "id": office.user("admin") } });
        assert_eq!(office.send(&admin, END, own).await.code(), "FORBIDDEN");
    });
}

#[test]
fn staff_of_another_company_do_not_exist_and_the_desk_sees_no_company_list() {
    testkit::run(async {
        let (office, other) = (Office::open().await, Office::open().await);
        let admin = office.sign_in("admin").await.access;
        let id = other.user("desk");
        let update = json!({ "i": { "id": id, "name": "x" } });
        assert_eq!(office.send(&admin, UPDATE, update).await.code(), "NOT_FOUND");
        assert_eq!(
            office.send(&admin, END, json!({ "i": { "id": id } })).await.code(),
            "NOT_FOUND"
        );
        let list = "{ staff { edges { node { login grants { role } } } } }";
        let staff = office.send(&admin, list, json!({})).await.ok();
        assert_eq!(staff["staff"]["edges"].as_array().unwrap().len(), 4);
        assert_eq!(office.send_as("desk", list, json!({})).await.code(), "NOT_FOUND");
        assert_eq!(office.send_as("desk", ADD, person("x1")).await.code(), "FORBIDDEN");
    });
}

#[test]
fn colleagues_know_each_other_by_name_and_nobody_else_does() {
    testkit::run(async {
        let office = Office::open().await;
        let (desk, admin) = (office.sign_in("desk").await.access, office.user("admin"));
        let text = "query($ids: [ID!]!) { colleagues(ids: $ids) { id name } }";
        let strangers = Office::open().await;
        let foreign = strangers.user("admin");
        let nobody = "usr_01900000000070008000000000000000";
        let ids = json!({ "ids": [admin, foreign, nobody] });
        let seen = office.send(&desk, text, ids.clone()).await.ok();
        let seen = seen["colleagues"].as_array().unwrap();
        assert_eq!((seen.len(), &seen[0]["id"]), (1, &json!(admin)));
        assert!(!seen[0]["name"].as_str().unwrap().is_empty());
        let many = json!({ "ids": vec![admin.as_str(); 101] });
        let refused = office.send(&desk, text, many).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "ids"));
        let wrong = office.send(&desk, text, json!({ "ids": ["est_1"] })).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "ids"));
        assert_eq!(office.send("", text, ids).await.code(), "UNAUTHENTICATED");
    });
}
