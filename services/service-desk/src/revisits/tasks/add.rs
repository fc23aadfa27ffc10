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
    // What somebody wrote into a survey is theirs, in one language, and nothing that was done.
    let body = match revisit.source {
        Source::SurveyComment => say::letter_comment(),
        _ => say::letter_body(&revisit.summary),
    };
    let letter = Letter {
        estate: revisit.estate,
        person: revisit.person?,
        unit: revisit.unit,
        kind: MessageKind::Revisit,
        title: say::letter_title(),
        body,
        reference: revisit.id.to_string(),
    };
    Some(letter.into())
}

#[cfg(test)]
mod tests {
    use super::{super::domain::tests::revisit, *};
    use contracts::PersonId;
    use uuid::Uuid;

    #[test]
    fn a_letter_about_a_comment_is_in_one_language_and_says_nothing_was_done() {
        let mut about = revisit(Some(PersonId::from_uuid(Uuid::nil())));
        assert!(letter(&about).unwrap().body.en.starts_with("装修噪音 is done"));
        about.source = Source::SurveyComment;
        assert!(letter(&about).unwrap().body.en.is_ascii());
    }
}
