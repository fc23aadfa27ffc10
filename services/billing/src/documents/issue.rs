//! Giving documents their number and code, once for all copies.

use super::{
    domain::{Document, DocumentKind, VerifyCode},
    print::Head,
    repo,
};
use crate::{
    charges::BillingMonth,
    error::Refused,
    estates::Estate,
    ids::{BillingAccountId, DocumentId},
};
use authz::{AuditFact, Caller, UserId};
use db::TenantScope;
use money::Fen;
use std::collections::HashMap;
use uuid::Uuid;

/// A document that may have been issued already.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub subject: Uuid,
    /// Whose; `None` for what is of the whole estate.
    pub account: Option<BillingAccountId>,
    pub amount: Fen,
    /// A number that the subject has of its own, as a receipt.
    pub number: Option<String>,
}

/// The documents of some subjects, by subject; those that are missing are issued now.
pub(super) async fn documents(
    scope: &TenantScope,
    estate: &Estate,
    (kind, detail): (DocumentKind, &str),
    drafts: Vec<Draft>,
    by: Option<UserId>,
) -> Result<HashMap<Uuid, Document>, Refused> {
    let subjects: Vec<Uuid> = drafts.iter().map(|draft| draft.subject).collect();
    let mut known = repo::of_subjects(scope, kind, detail, subjects).await?;
    let missing: Vec<Draft> =
        drafts.into_iter().filter(|draft| !known.contains_key(&draft.subject)).collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let month = BillingMonth::of(estate.today(scope.clock()))?;
    let unnumbered = missing.iter().filter(|draft| draft.number.is_none()).count();
    let unnumbered = i64::try_from(unnumbered).unwrap_or(i64::MAX);
    let last = match unnumbered {
        0 => 0,
        many => repo::next(scope, estate.id, kind, month, many).await?,
    };
    let mut counter = last - unnumbered;
    let mut new = Vec::with_capacity(missing.len());
    for draft in missing {
        let number = draft.number.unwrap_or_else(|| {
            counter += 1;
            kind.number(&estate.code, month, counter)
        });
        new.push(Document {
            id: DocumentId::from_uuid(scope.new_id()),
            estate: estate.id,
            account: draft.account,
            kind,
            subject: draft.subject,
            detail: detail.to_owned(),
            number,
            code: VerifyCode::of(scope.clock().bytes()),
            amount: draft.amount,
            currency: estate.currency,
            issued_at: scope.now(),
            issued_by: by,
        });
    }
    repo::insert(scope, &new).await?;
    known.extend(new.into_iter().map(|document| (document.subject, document)));
    Ok(known)
}

/// Issues one document for a caller, audited; a copy is handed out without a trace of its own.
pub(super) async fn document(
    scope: &TenantScope,
    estate: &Estate,
    (kind, detail): (DocumentKind, &str),
    draft: Draft,
    caller: &Caller,
) -> Result<Document, Refused> {
    let subject = draft.subject;
    let known = repo::of_subjects(scope, kind, detail, [subject]).await?.remove(&subject);
    if let Some(document) = known {
        return Ok(document);
    }
    let issued = documents(scope, estate, (kind, detail), vec![draft], Some(caller.user())).await?;
    let document = issued.into_values().next().ok_or(authz::Denied::Hidden)?;
    let fact = AuditFact {
        action: "document.issued",
        object: document.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: serde_json::json!({ "number": document.number, "kind": kind }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(document)
}

/// The head of a document; `site` is where our web is.
pub(super) fn head(document: &Document, estate: &Estate, site: Option<&str>, void: bool) -> Head {
    let code = document.code.as_str();
    let verify = site.map_or_else(
        || code.to_owned(),
        |site| format!("{}/verify/{code}", site.trim_end_matches('/')),
    );
    Head {
        estate: estate.name.clone(),
        number: document.number.clone(),
        issued_at: document.issued_at.with_timezone(&estate.zone).naive_local(),
        issuer: document.issued_by.map(operator),
        verify,
        code: document.code.to_string(),
        void,
    }
}

/// How a member of staff is named on paper: billing knows no names of theirs.
pub(super) fn operator(user: UserId) -> String {
    let id = user.as_uuid().simple().to_string().to_uppercase();
    format!("#{}", &id[id.len() - 6..])
}
