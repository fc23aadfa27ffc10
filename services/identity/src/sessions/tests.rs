use crate::fixture::{Office, PASSWORD, Tokens, own_world};
use chrono::Duration;
use serde_json::json;

const VIEWER: &str = "{ viewer { kind login name company { code } permissions
    estates { estate { id code } permissions } } }";

#[test]
fn staff_sign_in_and_see_who_they_are() {
    testkit::run(async {
        let office = Office::open().await;
        let answer = office.send_as("desk", VIEWER, json!({})).await.ok();
        let viewer = &answer["viewer"];
        assert_eq!(viewer["login"], "desk");
        assert_eq!(viewer["name"], "李倩");
        assert_eq!(viewer["kind"], "STAFF");
        assert_eq!(viewer["company"]["code"], office.code.as_str());
        assert_eq!(viewer["permissions"], json!([]));
        assert_eq!(viewer["estates"].as_array().unwrap().len(), 1);
        assert_eq!(viewer["estates"][0]["estate"]["code"], "FCH");
        let held = viewer["estates"][0]["permissions"].as_array().unwrap();
        assert!(held.contains(&json!("person.read")) && !held.contains(&json!("role.manage")));
    });
}

#[test]
fn every_wrong_sign_in_reads_the_same() {
    testkit::run(async {
        let office = Office::open().await;
        let body = |company: &str, login: &str, password: &str| json!({ "company": company, "login": login, "password": password });
        let wrong = [
            body("no-such-company", "admin", PASSWORD),
            body(&office.code, "stranger", PASSWORD),
            body(&office.code, "admin", "wrong password"),
        ];
        let mut answers = Vec::new();
        for body in wrong {
            answers.push(office.post("/auth/session", body).await);
        }
        assert_eq!(answers[0].0, 401);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    });
}

#[test]
fn a_browser_gets_cookies_that_no_script_reads() {
    testkit::run(async {
        let office = Office::open().await;
        let body = json!({ "company": office.code, "login": "admin", "password": PASSWORD });
        let response = office.http("POST", "/auth/session", &[], &body).await;
        assert_eq!(response.status(), 200);
        let lines = response.headers().get_all("set-cookie").iter();
        let cookies: Vec<String> = lines.map(|v| v.to_str().unwrap().to_owned()).collect();
        assert_eq!(cookies.len(), 3);
        for cookie in &cookies {
            assert!(cookie.starts_with("__Host-") && cookie.contains("; Path=/;"), "{cookie}");
            assert!(cookie.contains("; Secure") && cookie.contains("; SameSite=Lax"), "{cookie}");
            assert_eq!(cookie.contains("HttpOnly"), !cookie.starts_with("__Host-csrf"), "{cookie}");
        }
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(!text.contains("accessToken") && !text.contains("refreshToken"));

        let jar: Vec<&str> = cookies.iter().map(|c| c.split(';').next().unwrap()).collect();
        let (jar, csrf) = (jar.join("; "), cookies[2].split(['=', ';']).nth(1).unwrap());
        let without =
            office.http("POST", "/auth/session/refresh", &[("cookie", &jar)], &json!(null)).await;
        assert_eq!(without.status(), 401);
        let with = [("cookie", jar.as_str()), ("x-csrf-token", csrf)];
        let renewed = office.http("POST", "/auth/session/refresh", &with, &json!(null)).await;
        assert_eq!(renewed.status(), 200);
        let out = office.http("DELETE", "/auth/session", &with, &json!(null)).await;
        assert_eq!(out.status(), 204);
        assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    });
}

#[test]
fn guessing_is_slowed_down_and_a_right_password_must_wait_too() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        for _ in 0..5 {
            assert_eq!(office.try_sign_in("desk", "a wrong guess").await.0, 401);
        }
        let (status, body) = office.try_sign_in("desk", PASSWORD).await;
        assert_eq!((status, body["error"]["code"].as_str()), (429, Some("RATE_LIMITED")));
        assert_eq!(body["error"]["retryAfterSeconds"], 30);
        assert_eq!(office.try_sign_in("director", PASSWORD).await.0, 200, "another account works");
        office.world.clock.advance(Duration::seconds(31));
        assert_eq!(office.try_sign_in("desk", "a wrong guess").await.0, 401);
        let (status, body) = office.try_sign_in("desk", PASSWORD).await;
        assert_eq!((status, &body["error"]["retryAfterSeconds"]), (429, &json!(60)));
        office.world.clock.advance(Duration::seconds(61));
        assert_eq!(office.try_sign_in("desk", PASSWORD).await.0, 200);
        assert_eq!(office.try_sign_in("desk", "a wrong guess").await.0, 401, "counted afresh");
        assert_eq!(office.try_sign_in("desk", PASSWORD).await.0, 200);
    });
}

#[test]
fn an_address_that_tries_many_accounts_is_slowed_down() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        for n in 0..20 {
            assert_eq!(office.try_sign_in(&format!("guess{n}"), PASSWORD).await.0, 401);
        }
        assert_eq!(office.try_sign_in("admin", PASSWORD).await.0, 429);
    });
}

#[test]
fn guesses_sent_at_the_same_time_do_not_slip_through() {
    testkit::run(async {
        let office = Office::open().await;
        let attempts = (0..16).map(|_| office.try_sign_in("desk", "a wrong guess"));
        let answers = futures_join(attempts).await;
        let checked = answers.iter().filter(|(status, _)| *status == 401).count();
        assert_eq!(checked, 5, "{answers:?}");
        assert!(answers.iter().all(|(status, _)| [401, 429].contains(status)));
        assert_eq!(office.try_sign_in("desk", PASSWORD).await.0, 429);
    });
}

async fn futures_join<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    futures::future::join_all(all).await
}

async fn refresh(office: &Office, token: &str) -> (u16, Tokens) {
    let path = "/auth/session/refresh?mode=token";
    let (status, body) = office.post(path, json!({ "refreshToken": token })).await;
    (status, Tokens::read(&body))
}

#[test]
fn a_refresh_token_is_exchanged_and_two_tabs_get_the_same_one() {
    testkit::run(async {
        let office = Office::open().await;
        let first = office.sign_in("desk").await;
        let tabs = futures_join((0..4).map(|_| refresh(&office, &first.refresh))).await;
        assert!(
            tabs.iter()
                .all(|(status, tokens)| *status == 200 && tokens.refresh == tabs[0].1.refresh)
        );
        assert_ne!(tabs[0].1.refresh, first.refresh);
        let (status, second) = refresh(&office, &tabs[0].1.refresh).await;
        assert_eq!(status, 200);
        let answer = office.send(&second.access, VIEWER, json!({})).await.ok();
        assert_eq!(answer["viewer"]["login"], "desk");
    });
}

#[test]
fn a_refresh_token_used_again_later_ends_the_session() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let first = office.sign_in("desk").await;
        let (_, second) = refresh(&office, &first.refresh).await;
        office.world.clock.advance(Duration::seconds(21));
        assert_eq!(refresh(&office, &first.refresh).await.0, 401);
        assert_eq!(refresh(&office, &second.refresh).await.0, 401, "the thief's session too");
        office.policy_reached().await;
        assert_eq!(office.send(&second.access, VIEWER, json!({})).await.code(), "UNAUTHENTICATED");
        let log = "{ auditLog(filter: { action: \"session.reuse_detected\" }) { edges { node { object } } } }";
        let log = office.send_as("admin", log, json!({})).await.ok();
        assert_eq!(log["auditLog"]["edges"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn an_access_token_ends_after_ten_minutes_and_an_unused_session_after_two_weeks() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let tokens = office.sign_in("desk").await;
        office.world.clock.advance(Duration::minutes(11));
        assert_eq!(office.send(&tokens.access, VIEWER, json!({})).await.code(), "UNAUTHENTICATED");
        let (status, tokens) = refresh(&office, &tokens.refresh).await;
        assert_eq!(status, 200);
        office.world.clock.advance(Duration::days(15));
        assert_eq!(refresh(&office, &tokens.refresh).await.0, 401);
    });
}

#[test]
fn signing_out_and_revoking_end_sessions_everywhere() {
    testkit::run(async {
        let office = Office::open().await;
        let (here, there) = (office.sign_in("desk").await, office.sign_in("desk").await);
        let list = "{ sessions { id current } }";
        let sessions = office.send(&here.access, list, json!({})).await.ok();
        let sessions = sessions["sessions"].as_array().unwrap().clone();
        assert_eq!(sessions.len(), 2);
        let other = sessions.iter().find(|s| s["current"] == false).unwrap()["id"].clone();
        let revoke = "mutation($i: RevokeSessionInput!) { revokeSession(input: $i) { sessionId } }";
        let input = json!({ "i": { "sessionId": other } });
        let stranger = office.send_as("director", revoke, input.clone()).await;
        assert_eq!(stranger.code(), "NOT_FOUND");
        office.send(&here.access, revoke, input).await.ok();
        office.policy_reached().await;
        assert_eq!(office.send(&there.access, list, json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(refresh(&office, &there.refresh).await.0, 401);

        let everywhere = "mutation { signOutEverywhere(input: {}) { ended } }";
        let ended = office.send(&here.access, everywhere, json!({})).await.ok();
        assert_eq!(ended["signOutEverywhere"]["ended"], 1);
        office.policy_reached().await;
        assert_eq!(office.send(&here.access, list, json!({})).await.code(), "UNAUTHENTICATED");

        let again = office.sign_in("desk").await;
        let body = json!({ "refreshToken": again.refresh });
        let out = office.http("DELETE", "/auth/session", &[], &body).await;
        assert_eq!(out.status(), 204);
        office.policy_reached().await;
        assert_eq!(office.send(&again.access, list, json!({})).await.code(), "UNAUTHENTICATED");
    });
}

#[test]
fn another_companys_session_does_not_exist() {
    testkit::run(async {
        let (office, other) = (Office::open().await, Office::open().await);
        let theirs = other.send_as("admin", "{ sessions { id } }", json!({})).await.ok();
        let revoke = "mutation($i: RevokeSessionInput!) { revokeSession(input: $i) { sessionId } }";
        let input = json!({ "i": { "sessionId": theirs["sessions"][0]["id"] } });
        let answer = office.send_as("admin", revoke, input).await;
        assert_eq!((answer.code(), answer.message()), ("NOT_FOUND", "not found"));
        let everywhere =
            "mutation($i: SignOutEverywhereInput!) { signOutEverywhere(input: $i) { ended } }";
        let input = json!({ "i": { "userId": other.user("desk") } });
        assert_eq!(office.send_as("admin", everywhere, input).await.code(), "NOT_FOUND");
    });
}
