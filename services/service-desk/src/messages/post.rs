//! Posting a letter: into the inbox, and on its way to the addresses that the person wants.

use super::{Channel, DeliveryId, LetterId, MessageKind, Words, delivery, inbox, preferences};
use crate::Refused;
use contracts::{PersonId, UnitId};
use db::{TenantScope, enqueue_job};
use ids::EstateId;
use std::collections::BTreeSet;
use texts::Text;

/// What one person is told.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The estate in whose name.
    pub estate: EstateId,
    /// To whom.
    pub person: PersonId,
    /// The unit it is about, if it is about one.
    pub unit: Option<UnitId>,
    /// What it is about; what the person refused is not sent.
    pub kind: MessageKind,
    /// Its title.
    pub title: Text,
    /// What it says.
    pub body: Text,
    /// What it belongs to, e.g. `wo_0190…`; for those who look it up.
    pub reference: String,
}

/// The same with words that people wrote.
#[derive(Clone, Debug)]
pub struct Written {
    /// The estate in whose name.
    pub estate: EstateId,
    /// To whom.
    pub person: PersonId,
    /// The unit it is about, if it is about one.
    pub unit: Option<UnitId>,
    /// What it is about.
    pub kind: MessageKind,
    /// Its title.
    pub title: Words,
    /// What it says.
    pub body: Words,
    /// What it belongs to.
    pub reference: String,
}

impl From<Letter> for Written {
    fn from(letter: Letter) -> Self {
        Self {
            estate: letter.estate,
            person: letter.person,
            unit: letter.unit,
            kind: letter.kind,
            title: Words::from(&letter.title),
            body: Words::from(&letter.body),
            reference: letter.reference,
        }
    }
}

/// Posts a letter in the transaction of what it tells: it is in the inbox at once, and e-mail and
/// SMS leave after the commit. Who refused the kind gets nothing.
///
/// # Errors
/// When writing fails.
pub async fn post(scope: &TenantScope, letter: Letter) -> Result<(), Refused> {
    post_all(scope, vec![letter.into()]).await.map(drop)
}

/// Posts many letters in a few statements; the id of each that was written, in order.
///
/// # Errors
/// When writing fails.
pub async fn post_all(
    scope: &TenantScope,
    letters: Vec<Written>,
) -> Result<Vec<Option<LetterId>>, Refused> {
    let people: BTreeSet<_> = letters.iter().map(|letter| letter.person).collect();
    let wishes = preferences::wishes(scope, people).await?;
    let (mut posted, mut rows, mut ways) = (Vec::new(), Vec::new(), Vec::new());
    for letter in letters {
        let wanted = wishes.of(letter.person, letter.kind);
        if wanted.is_empty() {
            posted.push(None);
            continue;
        }
        let id = LetterId::from_uuid(scope.new_id());
        posted.push(Some(id));
        ways.extend(wanted.iter().filter_map(|(channel, shown)| {
            let shown = shown.clone()?;
            Some(delivery::Delivery::waiting(
                DeliveryId::from_uuid(scope.new_id()),
                (id, &letter),
                (*channel, shown),
                scope.now(),
            ))
        }));
        let in_app = wanted.iter().any(|(channel, _)| *channel == Channel::App);
        rows.push(inbox::Entry::new(id, letter, in_app, scope.now()));
    }
    inbox::insert(scope, rows).await?;
    let jobs: Vec<_> = ways.iter().map(|way| way.id).collect();
    delivery::insert(scope, ways).await?;
    for id in jobs {
        enqueue_job(scope, delivery::JOB, id.as_uuid()).await?;
    }
    Ok(posted)
}
