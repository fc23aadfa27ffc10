//! New revisits.

use super::{Revisit, repo};
use crate::{
    Refused,
    messages::{Letter, MessageKind, Written, post_all},
    revisits::{Source, say},
    secrecy,
};
use db::TenantScope;

/// Adds revisits, and asks the residents among those to be asked to answer by the app; something
/// that has a revisit already gets no second.
pub(in crate::revisits) async fn add(
    scope: &TenantScope,
    revisits: &[Revisit],
) -> Result<(), Refused> {
    repo::insert(scope, revisits).await?;
    for one in revisits.iter().filter(|one| one.source == Source::Complaint) {
        secrecy::follows(scope, (one.id.as_uuid(), one.id.to_string()), one.reference).await?;
    }
    let letters: Vec<Written> = revisits.iter().filter_map(letter).collect();
    if !letters.is_empty() {
        post_all(scope, letters).await?;
    }
    Ok(())
}

fn letter(revisit: &Revisit) -> Option<Written> {
    let letter = Letter {
        estate: revisit.estate,
        person: revisit.person?,
        unit: revisit.unit,
        kind: MessageKind::Revisit,
        title: say::letter_title(),
        body: say::letter_body(&revisit.summary),
        reference: revisit.id.to_string(),
    };
    Some(letter.into())
}
