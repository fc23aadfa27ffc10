//! `GET /verify/{code}`: what whoever holds a document may know of it, signed in or not.
//!
//! It says number, kind, amount, day and whether the document counts; no name, no unit, no estate.
//! A code is eighty random bits: there is nothing to find by trying.

use super::{domain::VerifyCode, kinds, print::Bilingual, repo};
use crate::{error::Refused, estates, say};
use authz::Denied;
use axum::{
    Json, Router,
    extract::{Path, State},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use db::Db;
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;
use service_http::refusal;
use texts::{Language, Text};

/// The public route.
pub(crate) fn routes(db: Db) -> Router {
    Router::new().route("/verify/{code}", get(verify)).with_state(db)
}

async fn verify(State(db): State<Db>, Path(code): Path<String>, headers: HeaderMap) -> Response {
    let mut response = match seen(&db, &code).await {
        Ok(seen) if wants_page(&headers) => Html(seen.page(language(&headers))).into_response(),
        Ok(seen) => Json(seen.json()).into_response(),
        Err(refused) => refusal(&refused),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

fn language(headers: &HeaderMap) -> Language {
    let accepts = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::accepted(accepts)
}

/// What is shown of a document.
struct Seen {
    number: String,
    kind: Bilingual,
    amount: String,
    currency: String,
    issued_on: String,
    void: bool,
}

async fn seen(db: &Db, code: &str) -> Result<Seen, Refused> {
    let code = VerifyCode::read(code).ok_or(Denied::Hidden)?;
    let (tenant, id) = repo::place(db, &code).await?.ok_or(Denied::Hidden)?;
    let scope = db.read(tenant).await?;
    let document = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(&scope, document.estate).await?.ok_or(Denied::Hidden)?;
    let void = kinds::is_void(&scope, &document).await?;
    let issued_on = document.issued_at.with_timezone(&estate.zone).date_naive();
    Ok(Seen {
        number: document.number,
        kind: document.kind.name().into(),
        amount: document.amount.to_string(),
        currency: document.currency.to_string(),
        issued_on: issued_on.to_string(),
        void,
    })
}

impl Seen {
    fn json(&self) -> serde_json::Value {
        json!({
            "number": self.number,
            "kind": { "zh": self.kind.zh, "en": self.kind.en },
            "amount": self.amount,
            "currency": self.currency,
            "issuedOn": self.issued_on,
            "void": self.void,
        })
    }

    /// A page for a telephone that read the QR code. Everything in it is ours: digits and our words.
    fn page(&self, language: Language) -> String {
        let state = if self.void { say::doc_is_void() } else { say::doc_is_valid() };
        let rows = [
            (say::doc_kind(), self.kind.say(language).to_owned()),
            (say::doc_its_number(), self.number.clone()),
            (say::doc_its_amount(), format!("{} {}", self.amount, self.currency)),
            (say::doc_its_day(), self.issued_on.clone()),
        ];
        let row = |(label, value): &(Text, String)| {
            format!("<dt>{}</dt><dd>{}</dd>", label.say(language), escaped(value))
        };
        let rows = rows.each_ref().map(row).concat();
        let tongue = match language {
            Language::Zh => "zh-CN",
            Language::En => "en",
        };
        let colour = if self.void { "#b3261e" } else { "#146c2e" };
        format!(
            "<!doctype html><html lang=\"{tongue}\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{number}</title>\
             <style>body{{font:17px system-ui,sans-serif;margin:2rem auto;max-width:26rem;padding:0 1rem}}\
             h1{{color:{colour};font-size:1.4rem}}dt{{color:#555}}dd{{margin:0 0 .8rem}}</style>\
             <main><h1>{state}</h1><dl>{rows}</dl></main></html>",
            number = escaped(&self.number),
            state = state.say(language),
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
