//! Reading and saving scripts.

use super::{Class, LONGEST, MANAGE, Script, repo};
use crate::{Refused, contacts::CONTACT_RECORD, homes, say};
use authz::{AuditFact, Caller, audit};
use db::{Db, TenantScope};
use errors::input;
use graphql::PageArgs;
use ids::EstateId;

/// What the desk says from now on.
#[derive(Clone, Debug)]
pub(super) struct SaveScript {
    /// For this estate, or for all of the company that have no text of their own.
    pub estate: Option<EstateId>,
    pub class: Class,
    pub zh: String,
    pub en: String,
    /// The version that the caller saw; 0 when there was none.
    pub version: i32,
}

/// Saves the next version.
#[tracing::instrument(name = "usecase.contacts.save_script", skip_all)]
pub(super) async fn save(db: &Db, caller: &Caller, command: SaveScript) -> Result<Script, Refused> {
    match command.estate {
        Some(estate) => caller.act(MANAGE, CONTACT_RECORD, estate).map(drop)?,
        None => caller.act_company(MANAGE).map(drop)?,
    }
    let scope = db.write(caller.tenant()).await?;
    if let Some(estate) = command.estate {
        homes::estate(&scope, estate).await?;
    }
    let mut script = Script {
        class: command.class,
        estate: command.estate,
        version: command.version,
        zh: input::lines("zh", &command.zh, LONGEST)?,
        en: input::lines("en", &command.en, LONGEST)?,
        saved: Some((caller.user(), scope.now())),
    };
    let newest = repo::versions(&scope, command.estate, command.class, None, 1).await?;
    if newest.first().map_or(0, |newest| newest.version) != command.version {
        return Err(Refused::Conflict(say::changed_meanwhile()));
    }
    script.version += 1;
    repo::insert(&scope, &script, caller.user()).await.map_err(Refused::added_meanwhile)?;
    let object = script.estate.map_or_else(|| caller.tenant().to_string(), |id| id.to_string());
    let fact = AuditFact {
        action: "contact_script.saved",
        object,
        estate: script.estate,
        reason: None,
        detail: (script.class, script.version),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(script)
}

/// Who records contacts reads what to say, and so does who writes it; residents do not.
fn read(caller: &Caller, estate: EstateId) -> Result<(), Refused> {
    if caller.read(MANAGE, estate).is_ok() {
        return Ok(());
    }
    let right = caller.read(CONTACT_RECORD, estate)?;
    if right.own_person().is_some() { Err(Refused::not_found()) } else { Ok(()) }
}

/// What the desk of an estate says today.
pub(super) async fn current(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    class: Class,
) -> Result<Script, Refused> {
    read(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let known = homes::estate(&scope, estate).await?;
    for level in [Some(estate), None] {
        if let Some(script) = repo::versions(&scope, level, class, None, 1).await?.pop() {
            return Ok(script);
        }
    }
    Ok(Script::built_in(class, &known.name))
}

/// A page of the versions of an estate's own text, or of the company's, newest first.
pub(super) async fn versions(
    db: &Db,
    caller: &Caller,
    (estate, company, class): (EstateId, bool, Class),
    page: &PageArgs,
) -> Result<(TenantScope, Vec<Script>), Refused> {
    read(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let before = page.after.as_ref().and_then(|cursor| cursor.0.parse().ok());
    let level = (!company).then_some(estate);
    let found = repo::versions(&scope, level, class, before, page.limit()).await?;
    Ok((scope, found))
}
