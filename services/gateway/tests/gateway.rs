//! The gateway as clients see it, with two small services behind it, over both transports.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod town;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};
use town::{Town, Wiring};

const BOTH: [Wiring; 2] = [Wiring::InProcess, Wiring::Http];
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn both_transports_give_the_same_bytes() {
    let documents = [
        "{ unit(id: \"7\") { id label balance } total }",
        "query($ids: [ID!]!) { units(ids: $ids) { label balance } }",
        "mutation { charge(id: \"7\", cents: 5) { balance label } }",
        "{ fail(code: \"INVALID\", text: \"no\") }",
        "{ unit(id: \"7\") { nonsense } }",
    ];
    let mut answers = Vec::new();
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        let mut of_one = Vec::new();
        for document in documents {
            let body = json!({ "query": document, "variables": { "ids": ["1", "2"] } });
            of_one.push(town.post(&body, &[]).await.text().await.unwrap());
        }
        answers.push(of_one);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        answers[0][0],
        r#"{"data":{"unit":{"id":"7","label":"Unit 7","balance":107},"total":4242}}"#
    );
    assert_eq!(
        answers[0][1],
        r#"{"data":{"units":[{"label":"Unit 1","balance":101},{"label":"Unit 2","balance":102}]}}"#
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_headers_reach_a_service() {
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        let sent = [
            ("authorization", "Bearer me"),
            ("cookie", "a=1"),
            ("x-csrf-token", "c"),
            ("accept-language", "zh-CN"),
            ("traceparent", trace),
            ("x-commonhold-proof", "guess"),
            ("x-commonhold-client", "10.9.9.9"),
            ("x-forwarded-for", "10.9.9.9"),
            ("x-odd", "1"),
        ];
        let seen = town.data("{ headers }", &sent).await["headers"].clone();
        let seen: Value = serde_json::from_str(seen.as_str().unwrap()).unwrap();
        assert_eq!(seen["authorization"], "Bearer me");
        assert_eq!(seen["cookie"], "a=1");
        assert_eq!(seen["x-csrf-token"], "c");
        assert_eq!(seen["accept-language"], "zh-CN");
        assert!(seen["traceparent"].as_str().unwrap().contains("0af7651916cd43dd8448eb211c80319c"));
        assert_eq!(seen["x-commonhold-client"], "127.0.0.1");
        assert_eq!(seen["x-commonhold-proof"], town::SECRET);
        assert_eq!(seen["x-forwarded-for"], Value::Null);
        assert_eq!(seen["x-odd"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_callers_never_share_an_answer() {
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        // Both are inside the resolver before either is answered.
        let (one, two) = tokio::join!(
            town.data("{ meet }", &[("authorization", "one")]),
            town.data("{ meet }", &[("authorization", "two")]),
        );
        assert_eq!(one["meet"], "one");
        assert_eq!(two["meet"], "two");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_caller_asking_twice_is_asked_twice() {
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        let headers = [("authorization", "one")];
        tokio::join!(town.data("{ meet }", &headers), town.data("{ meet }", &headers));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_expands_too_far_is_refused_at_once() {
    let town = Town::start(Wiring::InProcess).await;
    let spread = |next: &str| format!("...{next} ").repeat(100);
    let document = format!(
        "{{ ...A }} fragment A on Query {{ {} }} fragment B on Query {{ {} }} \
         fragment C on Query {{ {} }} fragment D on Query {{ total }}",
        spread("B"),
        spread("C"),
        spread("D"),
    );
    let start = Instant::now();
    let answer = town.ask(&document, &[]).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{answer}");
    assert!(start.elapsed() < Duration::from_secs(2));
    let body = json!({ "query": "query($n: Int) { list(first: $n) { list(first: 101) { id } } }",
        "variables": { "n": 100 } });
    let answer: Value = town.post(&body, &[]).await.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routers_own_limits_are_on() {
    let town = Town::start(Wiring::InProcess).await;
    let deep =
        format!("{{ unit(id: \"1\") {{ {} id {} }} }}", "self { ".repeat(20), "}".repeat(20));
    let aliases = (0..31).map(|n| format!("a{n}: total")).collect::<Vec<_>>().join(" ");
    for (document, code) in [
        (deep, "MAX_DEPTH_EXCEEDED"),
        (format!("{{ {aliases} }}"), "MAX_ALIASES_EXCEEDED"),
        (format!("{{ {} }}", "total ".repeat(6000)), "TOKEN_LIMIT_EXCEEDED"),
    ] {
        let answer = town.ask(&document, &[]).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
        assert_ne!(answer["errors"][0]["message"], "Something went wrong on our side.");
    }
    let large = json!({ "query": "{ total }", "variables": { "x": "y".repeat(110_000) } });
    assert_eq!(town.post(&large, &[]).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let batch = json!([{ "query": "{ total }" }, { "query": "{ total }" }]);
    assert_eq!(town.post(&batch, &[]).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_stops_when_the_client_leaves() {
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        let request = town.request(&json!({ "query": "{ forever }" }), &[]);
        let client = tokio::spawn(request.send());
        tokio::time::timeout(PATIENCE, town.bench.started.notified()).await.unwrap();
        client.abort();
        let stopped = tokio::time::timeout(PATIENCE, town.bench.dropped.notified()).await;
        assert!(stopped.is_ok(), "still running over {wiring:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_service_costs_its_own_fields_and_is_named() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let town = Town::with_billing_at(gone).await;
    let start = Instant::now();
    let answer = town.ask("{ unit(id: \"7\") { label balance } total }", &[]).await;
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    missing_billing(&answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hangs_is_given_up_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let town = Town::with_billing_at(silent.local_addr().unwrap()).await;
    let start = Instant::now();
    let answer = town.ask("{ unit(id: \"7\") { label balance } total }", &[]).await;
    // Two calls of the plan go to billing, one after the other.
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    missing_billing(&answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_waited_for_while_its_service_is_alive() {
    let town = Town::start(Wiring::Http).await;
    let request = town.request(&json!({ "query": "{ until }" }), &[]);
    let client = tokio::spawn(request.send());
    tokio::time::timeout(PATIENCE, town.bench.started.notified()).await.unwrap();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(1200) {
        tokio::time::timeout(PATIENCE, town.bench.asked.notified()).await.unwrap();
    }
    town.bench.release.notify_one();
    let answer: Value = client.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["until"], "released", "{answer}");
}

fn missing_billing(answer: &Value) {
    let data = json!({ "unit": { "label": "Unit 7", "balance": null }, "total": null });
    assert_eq!(answer["data"], data, "{answer}");
    for error in answer["errors"].as_array().unwrap() {
        assert_eq!(error["extensions"], json!({ "code": "UNAVAILABLE", "service": "billing" }));
        assert!(!error["message"].as_str().unwrap().contains("127.0.0.1"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_reads_in_the_language_of_whoever_is_refused() {
    let wide = "{ list(first: 10001) { id } }";
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        for (language, refused, too_wide, broken) in [
            ("en", "must be above zero", "more than 10000 list items", "Something went wrong"),
            ("zh-CN,zh;q=0.9,en;q=0.8", "必须大于零", "列表项超过 10000 个", "系统出现错误"),
            ("fr", "必须大于零", "列表项超过 10000 个", "系统出现错误"),
        ] {
            let headers = [("accept-language", language)];
            for (document, code, text) in [
                ("{ refuse }", "INVALID", refused),
                (wide, "TOO_COMPLEX", too_wide),
                ("{ fail(code: \"ODD\", text: \"x\") }", "INTERNAL", broken),
            ] {
                let error = town.ask(document, &headers).await["errors"][0].clone();
                assert_eq!(error["extensions"]["code"], code, "{error}");
                assert!(error["message"].as_str().unwrap().contains(text), "{language}: {error}");
            }
        }
        let error = town.ask("{ refuse }", &[]).await["errors"][0].clone();
        assert_eq!(error["message"], "必须大于零");
        assert_eq!(error["extensions"]["field"], "grossArea");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routers_own_words_come_after_a_sentence_in_the_callers_language() {
    let town = Town::start(Wiring::InProcess).await;
    for (document, text) in [("{ nothing }", "查询不符合"), ("{", "查询语法有误")] {
        let [zh, en] = ["zh", "en"].map(|language| [("accept-language", language)]);
        let (zh, en) = (town.ask(document, &zh).await, town.ask(document, &en).await);
        let [zh, en] = [zh, en].map(|answer| answer["errors"][0]["message"].clone());
        let (zh, en) = (zh.as_str().unwrap(), en.as_str().unwrap());
        assert!(zh.contains(text) && zh.ends_with(en), "{zh} / {en}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_leaves_only_with_a_public_code() {
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        let text = "a told reason";
        let passed =
            town.ask(&format!("{{ fail(code: \"INVALID\", text: \"{text}\") }}"), &[]).await;
        let error = &passed["errors"][0];
        assert_eq!(error["message"], text);
        assert_eq!(error["extensions"]["code"], "INVALID");
        assert_eq!(error["extensions"]["field"], "grossArea");
        assert_eq!(error["extensions"]["retryAfterSeconds"], 7);
        assert_eq!(error["extensions"]["stack"], Value::Null);
        for code in ["INTERNAL", "TOO_COMPLEX", "ODD"] {
            let document = format!("{{ fail(code: \"{code}\", text: \"{text}\") }}");
            let answer = town.ask(&document, &[]).await;
            assert!(!answer.to_string().contains(text), "{answer}");
            assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        }
        let panicked = town.ask("{ panics }", &[]).await;
        assert!(!panicked.to_string().contains("u8"), "{panicked}");
        assert_ne!(panicked["errors"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn production_tells_nothing_about_itself() {
    let document = "{ __schema { queryType { name } } }";
    let open = Town::start(Wiring::InProcess).await;
    assert_eq!(open.data(document, &[]).await["__schema"]["queryType"]["name"], "Query");
    let page = open.get("/graphql", &[("accept", "text/html")]).await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("'self'"));
    assert!(page.text().await.unwrap().contains("make graphiql"));

    let closed = Town::start(Wiring::Http).await;
    let answer = closed.ask(document, &[]).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTROSPECTION_DISABLED", "{answer}");
    let page = closed.get("/graphql", &[("accept", "text/html")]).await;
    assert!(!page.text().await.unwrap().contains("GraphiQL"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_own_routes_are_on_the_same_origin() {
    let town = Town::start(Wiring::InProcess).await;
    let answer = town
        .call(
            Method::POST,
            "/auth/session?lang=zh",
            &[("cookie", "r=1"), ("x-commonhold-proof", "x")],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1; HttpOnly", "b=2; HttpOnly"]);
    assert_eq!(answer.headers().get("x-commonhold-secret"), None);
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.text().await.unwrap(), "/auth/session?lang=zh r=1 127.0.0.1");

    let file = town.get("/files/billing/fil_1", &[]).await;
    assert!(
        file.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
    );
    assert_eq!(file.text().await.unwrap(), "file fil_1");
    let hook = town.call(Method::POST, "/webhooks/stripe", &[]).await;
    assert_eq!(hook.text().await.unwrap(), "hook");
    for path in ["/internal/policy", "/files/nobody/x", "/auth"] {
        assert_eq!(town.get(path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_answer_and_the_stand_in_page_leads_to_the_api() {
    let town = Town::start(Wiring::InProcess).await;
    assert_eq!(town.get("/healthz", &[]).await.status(), StatusCode::OK);
    assert_eq!(town.get("/readyz", &[]).await.status(), StatusCode::OK);
    let page = town.get("/", &[]).await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src"));
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    assert!(page.text().await.unwrap().contains("href=\"/graphql\""));
    town.data("{ total }", &[]).await;
    let metrics = town.get("/metrics", &[]).await.text().await.unwrap();
    assert!(metrics.contains("http_server"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_request_is_answered_before_the_gateway_ends() {
    let mut town = Town::start(Wiring::InProcess).await;
    let request = town.request(&json!({ "query": "{ until }" }), &[]);
    let client = tokio::spawn(request.send());
    tokio::time::timeout(PATIENCE, town.bench.started.notified()).await.unwrap();
    town.stop();
    town.bench.release.notify_one();
    let answer: Value = client.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["until"], "released");
    town.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs node, and `npm install --no-package-lock` in audit/"]
async fn graphql_over_http_is_spoken_as_specified() {
    let town = Town::start(Wiring::InProcess).await;
    let audit = tokio::process::Command::new("node")
        .args(["audit.mjs", &format!("{}/graphql", town.base)])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/audit"))
        .output()
        .await
        .unwrap();
    let report = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(audit.status.success(), "{report}{}", String::from_utf8_lossy(&audit.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_listens_hears_it_from_every_service_until_they_leave() {
    for wiring in BOTH {
        let town = Town::start(wiring).await;
        let body = json!({ "query": "subscription { moved { id label balance } }" });
        let sent = [("accept", "text/event-stream"), ("authorization", "Bearer me")];
        let mut answer = town.post(&body, &sent).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        let moved = |n: i32| {
            json!({ "data": { "moved": { "id": n.to_string(), "balance": 100 + n,
                "label": format!("Unit {n} for Bearer me") } } })
        };
        assert_eq!(heard(&mut answer).await, moved(1), "{wiring:?}");
        for n in 2..4 {
            town.bench.release.notify_one();
            assert_eq!(heard(&mut answer).await, moved(n), "{wiring:?}");
        }
        drop(answer);
        tokio::time::timeout(PATIENCE, town.bench.dropped.notified()).await.unwrap();
    }
}

/// The next answer of a stream.
async fn heard(answer: &mut reqwest::Response) -> Value {
    let mut text = String::new();
    loop {
        let part = tokio::time::timeout(PATIENCE, answer.chunk()).await.unwrap().unwrap();
        text += std::str::from_utf8(&part.unwrap()).unwrap();
        let data = text.lines().find_map(|line| line.strip_prefix("data:"));
        if let Some(Ok(found)) = data.map(|data| serde_json::from_str(data.trim())) {
            return found;
        }
    }
}
