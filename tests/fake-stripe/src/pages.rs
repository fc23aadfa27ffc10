//! The pages a payer and a merchant see.

use crate::{
    api,
    peer::FakeStripe,
    state::{Kind, State as Memory},
};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value;

/// The button that was pressed.
#[derive(Debug, Deserialize)]
pub(crate) struct Pressed {
    action: String,
}

/// The words of one language.
struct Words {
    lang: &'static str,
    title: &'static str,
    pay: [(&'static str, &'static str); 3],
    decline: &'static str,
    cancel: &'static str,
    closed: &'static str,
    refused: &'static str,
    note: &'static str,
    onboard: &'static str,
    finish: &'static str,
}

const ZH: Words = Words {
    lang: "zh-CN",
    title: "收银台（演示）",
    pay: [("card", "银行卡支付"), ("alipay", "支付宝"), ("wechat_pay", "微信支付")],
    decline: "模拟支付失败",
    cancel: "取消",
    closed: "此付款页已失效。",
    refused: "支付未成功，请换一种方式重试。",
    note: "演示环境，不会产生真实扣款。",
    onboard: "收款账户开通（演示）",
    finish: "完成开通",
};

const EN: Words = Words {
    lang: "en",
    title: "Checkout (demo)",
    pay: [("card", "Pay by card"), ("alipay", "Alipay"), ("wechat_pay", "WeChat Pay")],
    decline: "Simulate a decline",
    cancel: "Cancel",
    closed: "This payment page is no longer open.",
    refused: "The payment did not succeed. Please try again another way.",
    note: "Demo only: no money moves.",
    onboard: "Set up your account (demo)",
    finish: "Finish",
};

/// The session's own locale decides, else the browser's.
fn words(session: &Value, headers: &HeaderMap) -> &'static Words {
    let browser = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let chosen = session["locale"].as_str().filter(|l| *l != "auto").or(browser);
    if chosen.is_some_and(|tag| !tag.starts_with("zh")) { &EN } else { &ZH }
}

/// `GET /pay/{session}`.
pub(crate) async fn show_payment(
    State(stripe): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match session(&stripe.lock(), &id) {
        Some(session) => page(&session, words(&session, &headers), false).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `POST /pay/{session}`.
pub(crate) async fn act_payment(
    State(stripe): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let Some(found) = session(&stripe.lock(), &id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if pressed.action == "cancel" {
        return back(&found, "cancel_url", &id);
    }
    let paid = found["status"] == "complete" || stripe.pay(&id, &pressed.action).is_ok();
    let Some(now) = session(&stripe.lock(), &id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if paid && now["status"] == "complete" {
        return back(&now, "success_url", &id);
    }
    (StatusCode::PAYMENT_REQUIRED, page(&now, words(&now, &headers), true)).into_response()
}

fn session(memory: &Memory, id: &str) -> Option<Value> {
    let owner = memory.owner_of(id)?;
    memory.accounts.get(&owner)?.get(Kind::CheckoutSession, id).cloned()
}

fn back(session: &Value, field: &str, id: &str) -> Response {
    let to = session[field].as_str().or_else(|| session["success_url"].as_str());
    Redirect::to(&to.unwrap_or("/").replace("{CHECKOUT_SESSION_ID}", id)).into_response()
}

fn page(session: &Value, words: &Words, refused: bool) -> Html<String> {
    let amount = money::Fen(session["amount_total"].as_i64().unwrap_or_default());
    let currency = session["currency"].as_str().unwrap_or_default().to_uppercase();
    let what = session["payment_intent_data"]["description"].as_str().unwrap_or_default();
    let mut body = format!("<p>{}</p><p class=a>{} {amount}</p>", escape(what), escape(&currency));
    if session["status"] != "open" {
        body += &alert(words.closed);
        return shell(words, words.title, &body);
    }
    if refused {
        body += &alert(words.refused);
    }
    let offered = session["payment_method_types"].as_array().cloned().unwrap_or_default();
    let offered = words.pay.iter().filter(|(method, _)| offered.iter().any(|o| o == method));
    for (method, label) in offered {
        body += &button(method, label, "p");
    }
    body += &button("decline", words.decline, "");
    body += &button("cancel", words.cancel, "");
    shell(words, words.title, &body)
}

fn alert(text: &str) -> String {
    format!("<p role=alert>{text}</p>")
}

fn button(action: &str, label: &str, class: &str) -> String {
    format!("<button name=action value=\"{action}\" class=\"{class}\">{label}</button>")
}

fn shell(words: &Words, title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang={lang}><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem}}\
         button{{display:block;width:100%;min-height:3rem;margin:.6rem 0;font:inherit;border:1px solid #767676;\
         border-radius:.4rem;background:#fff;color:#111}}.p{{background:#14532d;color:#fff;border:0}}\
         .a{{font-size:1.8rem;font-weight:600}}</style>\
         <main><h1>{title}</h1><form method=post>{body}</form><p><small>{note}</small></p></main></html>",
        lang = words.lang,
        note = words.note,
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `GET /connect/{account}`.
pub(crate) async fn show_onboarding(
    State(stripe): State<FakeStripe>,
    Path(account): Path<String>,
    headers: HeaderMap,
) -> Response {
    if stripe.lock().accounts.get(&account).is_none_or(|a| a.return_url.is_none()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let words = words(&Value::Null, &headers);
    shell(words, words.onboard, &button("finish", words.finish, "p")).into_response()
}

/// `POST /connect/{account}`.
pub(crate) async fn act_onboarding(
    State(stripe): State<FakeStripe>,
    Path(account): Path<String>,
) -> Response {
    match stripe.operate(&account, api::finish_onboarding) {
        Ok(back) => Redirect::to(&back).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
