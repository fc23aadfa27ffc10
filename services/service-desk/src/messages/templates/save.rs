//! Saving a template, and trying one out.

use super::{
    domain::{Template, checked_placeholders, checked_words},
    repo,
};
use crate::{
    Refused, homes,
    messages::{MessageKind, TEMPLATE_MANAGE, TEMPLATE_READ, Words},
};
use authz::{AuditFact, Caller, audit};
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use std::collections::BTreeMap;

/// A template's next version.
#[derive(Clone, Debug)]
pub(super) struct SaveTemplate {
    pub estate: Option<EstateId>,
    pub code: String,
    pub kind: MessageKind,
    pub title: Words,
    pub body: Words,
    /// The version that was read; 0 for a new one.
    pub expected: i32,
}

/// Keeps a version.
#[tracing::instrument(name = "usecase.messages.save_template", skip_all)]
pub(super) async fn save(
    db: &Db,
    caller: &Caller,
    command: SaveTemplate,
) -> Result<Template, Refused> {
    match command.estate {
        Some(estate) => drop(caller.act(TEMPLATE_MANAGE, TEMPLATE_READ, estate)?),
        None => drop(caller.act_company(TEMPLATE_MANAGE)?),
    }
    let (title, body) = checked_words(&command.title, &command.body)?;
    checked_placeholders(&title, &body)?;
    let scope = db.write(caller.tenant()).await?;
    if let Some(estate) = command.estate {
        homes::estate(&scope, estate).await?;
    }
    let code = checked_code(&command.code)?;
    let before = repo::latest(&scope, command.estate, &code).await?;
    if before.map_or(0, |before| before.version) != command.expected {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    let template = Template {
        estate: command.estate,
        code,
        version: command.expected + 1,
        kind: command.kind,
        title,
        body,
        saved_by: caller.user(),
        saved_at: scope.now(),
    };
    repo::insert(&scope, &template).await.map_err(Refused::added_meanwhile)?;
    let fact = AuditFact {
        action: "message_template.saved",
        object: template.code.clone(),
        estate: template.estate,
        reason: None,
        detail: template.version,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(template)
}

fn checked_code(code: &str) -> Result<String, Invalid> {
    let code = code.trim();
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if (2..=32).contains(&code.len()) && code.chars().all(fits) {
        Ok(code.to_owned())
    } else {
        Err(Invalid::new("code", expected::upper_code(2, 32)))
    }
}

/// Leave to see the templates of the company and perhaps an estate.
pub(super) fn seen(caller: &Caller, estate: Option<EstateId>) -> Result<(), Refused> {
    match estate {
        Some(estate) => drop(caller.read(TEMPLATE_READ, estate)?),
        None => drop(caller.read_company(TEMPLATE_READ)?),
    }
    Ok(())
}

/// The words of a template with its placeholders filled in.
pub(super) async fn preview(
    scope: &TenantScope,
    caller: &Caller,
    (estate, code): (Option<EstateId>, &str),
    values: &BTreeMap<String, String>,
) -> Result<(Words, Words), Refused> {
    seen(caller, estate)?;
    Ok(nearest(scope, estate, code).await?.ok_or_else(Refused::not_found)?.filled(values)?)
}

/// An estate's own template, else the company's.
pub(super) async fn nearest(
    scope: &TenantScope,
    estate: Option<EstateId>,
    code: &str,
) -> Result<Option<Template>, Refused> {
    match repo::latest(scope, estate, code).await? {
        Some(own) => Ok(Some(own)),
        None => Ok(repo::latest(scope, None, code).await?),
    }
}
