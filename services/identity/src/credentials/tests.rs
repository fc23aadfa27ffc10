use crate::fixture::{Office, PASSWORD, own_world};
use serde_json::json;

const CHANGE: &str = "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { changed } }";
const ISSUE: &str =
    "mutation($i: IssuePasswordResetInput!) { issuePasswordReset(input: $i) { token } }";
const NEXT: &str = "another good password";

#[test]
fn a_changed_password_ends_the_other_sessions_only() {
    testkit::run(async {
        let office = Office::open().await;
        let (here, there) = (office.sign_in("desk").await, office.sign_in("desk").await);
        let input = |current: &str, new: &str| json!({ "i": { "currentPassword": current, "newPassword": new } });
        let wrong = office.send(&here.access, CHANGE, input("not my password", NEXT)).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "currentPassword"));
        let short = office.send(&here.access, CHANGE, input(PASSWORD, "short")).await;
        assert_eq!(short.field(), "newPassword");
        office.send(&here.access, CHANGE, input(PASSWORD, NEXT)).await.ok();
        office.policy_reached().await;
        let viewer = "{ viewer { login } }";
        office.send(&here.access, viewer, json!({})).await.ok();
        assert_eq!(office.send(&there.access, viewer, json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(office.try_sign_in("desk", PASSWORD).await.0, 401);
        assert_eq!(office.try_sign_in("desk", NEXT).await.0, 200);
    });
}

#[test]
fn a_reset_link_works_once_for_a_day_and_opens_a_locked_account() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let admin = office.sign_in("admin").await.access;
        let input = json!({ "i": { "userId": office.user("desk") } });
        let first = office.send(&admin, ISSUE, input.clone()).await.ok();
        let second = office.send(&admin, ISSUE, input.clone()).await.ok();
        let body = |token: &serde_json::Value| json!({ "token": token, "password": NEXT });
        let path = "/auth/password-reset";
        let older = &first["issuePasswordReset"]["token"];
        assert_eq!(office.post(path, body(older)).await.0, 401, "the newer link replaced it");
        for _ in 0..5 {
            office.try_sign_in("desk", "a wrong guess").await;
        }
        assert_eq!(office.try_sign_in("desk", PASSWORD).await.0, 429);
        let newer = &second["issuePasswordReset"]["token"];
        assert_eq!(office.post(path, body(newer)).await.0, 204);
        assert_eq!(office.post(path, body(newer)).await.0, 401, "once only");
        assert_eq!(office.try_sign_in("desk", NEXT).await.0, 200);

        let admin = office.sign_in("admin").await.access;
        let late = office.send(&admin, ISSUE, input).await.ok();
        office.world.clock.advance(chrono::Duration::hours(25));
        assert_eq!(office.post(path, body(&late["issuePasswordReset"]["token"])).await.0, 401);
        assert_eq!(office.post(path, body(&json!("rubbish"))).await.0, 401);
    });
}

#[test]
fn only_administrators_issue_links_and_not_for_themselves_or_strangers() {
    testkit::run(async {
        let (office, other) = (Office::open().await, Office::open().await);
        let input = |user: String| json!({ "i": { "userId": user } });
        let admin = office.sign_in("admin").await.access;
        let own = office.send(&admin, ISSUE, input(office.user("admin"))).await;
        assert_eq!(own.code(), "FORBIDDEN");
        let foreign = office.send(&admin, ISSUE, input(other.user("desk"))).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        let desk = office.send_as("desk", ISSUE, input(office.user("director"))).await;
        assert_eq!(desk.code(), "FORBIDDEN");
    });
}
