//! What each feature keeps of a household, read by one statement a feature.

use super::{Entry, Kind, Title, say};
use crate::{community_events::PlannedEvent, secrecy, special_services::orders::domain::Details};
use chrono::{DateTime, Utc};
use contracts::UnitId;
use db::{StorageError, TenantScope, stored};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// A feature's part of a timeline: the rows of the unit `$2` with their id, time, title and state.
pub(super) struct Part {
    pub kind: Kind,
    /// The prefix of its ids.
    prefix: &'static str,
    /// Up to the conditions.
    rows: &'static str,
    /// The column of what may be a secret.
    thing: &'static str,
    /// What staff see of them besides what is no secret.
    staff: &'static str,
    /// What the resident `$3` sees of them, who has belonged to the unit since `$4`.
    own: &'static str,
    /// After the conditions.
    end: &'static str,
    title: fn(Row) -> Result<Title, StorageError>,
}

/// Who looks at a timeline.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sight {
    /// A member of staff, by their account.
    Staff(Uuid),
    /// A resident, and since when they have belonged to the unit.
    Own(Uuid, DateTime<Utc>),
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    id: Uuid,
    at: DateTime<Utc>,
    title: String,
    extra: Option<String>,
    state: String,
}

fn bilingual(row: Row) -> Result<Title, StorageError> {
    Ok(Title::Bilingual(stored::read_json(&row.title)?))
}

/// Complaints that the home made, unless it is not told who did, and those about it.
pub(super) const COMPLAINTS: Part = Part {
    kind: Kind::Complaint,
    prefix: "cpl",
    rows: "SELECT c.id, c.received_at AS at, CAST(c.month AS TEXT) AS title, \
        CAST(c.number AS TEXT) AS extra, c.state FROM complaints c WHERE c.tenant_id = $1 \
        AND (c.unit_id = $2 OR c.about_unit_id = $2)",
    thing: "c.id",
    staff: " AND (c.about_unit_id = $2 OR NOT c.anonymous)",
    own: " AND c.person_id = $3 AND c.unit_id = $2",
    end: "",
    title: |row| {
        let month = row.title.get(..7).unwrap_or_default();
        let number = row.extra.unwrap_or_default();
        Ok(Title::Said(say::complaint(format!("{month}-{number:0>4}"))))
    },
};

pub(super) const WORK_ORDERS: Part = Part {
    kind: Kind::WorkOrder,
    prefix: "wko",
    rows: "SELECT w.id, w.created_at AS at, w.description AS title, w.number AS extra, w.state \
        FROM work_orders w WHERE w.tenant_id = $1 AND w.unit_id = $2",
    thing: "w.id",
    staff: "",
    own: " AND (w.reporter_id = $3 OR w.created_at >= $4)",
    end: "",
    title: |row| Ok(Title::Written(format!("{} {}", row.extra.unwrap_or_default(), row.title))),
};

pub(super) const CALL_BACKS: Part = Part {
    kind: Kind::CallBack,
    prefix: "cbk",
    rows: "SELECT b.id, COALESCE(b.done_at, b.due_at) AS at, '' AS title, \
        CAST(NULL AS TEXT) AS extra, COALESCE(b.outcome, 'OPEN') AS state FROM call_backs b \
        JOIN contacts n ON n.tenant_id = b.tenant_id AND n.id = b.contact_id \
        WHERE b.tenant_id = $1 AND n.unit_id = $2",
    thing: "b.contact_id",
    staff: "",
    own: " AND n.person_id = $3",
    end: "",
    title: |_| Ok(Title::Said(say::call_back())),
};

pub(super) const REVISITS: Part = Part {
    kind: Kind::Revisit,
    prefix: "rvt",
    rows: "SELECT r.id, COALESCE(r.done_at, c.finished_at) AS at, r.summary AS title, \
        CAST(NULL AS TEXT) AS extra, r.state FROM revisits r JOIN revisit_candidates c \
        ON c.tenant_id = r.tenant_id AND c.id = r.candidate_id \
        WHERE r.tenant_id = $1 AND r.unit_id = $2",
    thing: "r.id",
    staff: " AND NOT r.nameless",
    own: " AND (r.person_id = $3 OR (r.person_id IS NULL AND c.finished_at >= $4))",
    end: "",
    title: |row| Ok(Title::Said(say::revisit(row.title))),
};

/// Notes of the officers, for staff only.
pub(super) const VISITS: Part = Part {
    kind: Kind::Visit,
    prefix: "vst",
    rows: "SELECT v.id, v.recorded_at AS at, v.who AS title, CAST(NULL AS TEXT) AS extra, \
        'MADE' AS state FROM visits v WHERE v.tenant_id = $1 AND v.unit_id = $2",
    thing: "v.id",
    staff: "",
    own: "",
    end: "",
    title: |row| Ok(Title::Said(say::visit(row.title))),
};

/// Orders by the name of the terms that they were quoted with, before that by the service's code.
pub(super) const SPECIAL_ORDERS: Part = Part {
    kind: Kind::SpecialOrder,
    prefix: "sso",
    rows: "SELECT o.id, o.requested_at AS at, o.details AS title, s.code AS extra, o.state \
        FROM special_orders o JOIN special_services s \
        ON s.tenant_id = o.tenant_id AND s.id = o.service_id \
        WHERE o.tenant_id = $1 AND o.unit_id = $2",
    thing: "o.id",
    staff: "",
    own: " AND o.person_id = $3",
    end: "",
    title: |row| {
        let details: Details = stored::read_json(&row.title)?;
        Ok(match details.terms {
            Some((_, terms)) => Title::named(terms.name_zh, terms.name_en),
            None => Title::Written(row.extra.unwrap_or_default()),
        })
    },
};

pub(super) const SIGN_UPS: Part = Part {
    kind: Kind::EventSignUp,
    prefix: "ces",
    rows: "SELECT p.id, p.signed_at AS at, e.details AS title, CAST(NULL AS TEXT) AS extra, \
        p.state FROM community_sign_ups p JOIN community_events e \
        ON e.tenant_id = p.tenant_id AND e.id = p.event_id \
        WHERE p.tenant_id = $1 AND p.unit_id = $2",
    thing: "p.id",
    staff: "",
    own: " AND p.person_id = $3",
    end: "",
    title: |row| {
        let event: PlannedEvent = stored::read_json(&row.title)?;
        Ok(Title::named(event.plan.title_zh, event.plan.title_en))
    },
};

/// A notice that reached somebody of the home, once, and whether anybody there read it.
pub(super) const NOTICES: Part = Part {
    kind: Kind::Notice,
    prefix: "ntc",
    rows: "SELECT n.id, n.published_at AS at, n.title, CAST(NULL AS TEXT) AS extra, \
        MIN(CASE WHEN r.read_at IS NULL THEN 'UNREAD' ELSE 'READ' END) AS state \
        FROM notice_recipients r JOIN notices n \
        ON n.tenant_id = r.tenant_id AND n.id = r.notice_id \
        WHERE r.tenant_id = $1 AND r.unit_id = $2 AND r.letter_id IS NOT NULL",
    thing: "r.notice_id",
    staff: "",
    own: " AND r.person_id = $3",
    end: " GROUP BY n.id, n.published_at, n.title",
    title: bilingual,
};

/// Letters, without those of notices, which are there already. Staff find neither those of
/// complaints, which may be anonymous, nor those of surveys, by which the estate is judged.
pub(super) const LETTERS: Part = Part {
    kind: Kind::Message,
    prefix: "ltr",
    rows: "SELECT l.id, l.posted_at AS at, l.title, CAST(NULL AS TEXT) AS extra, \
        CASE WHEN l.read_at IS NULL THEN 'UNREAD' ELSE 'READ' END AS state \
        FROM inbox_letters l WHERE l.tenant_id = $1 AND l.unit_id = $2 \
        AND l.reference NOT LIKE 'ntc!_%' ESCAPE '!'",
    thing: "l.id",
    staff: " AND l.kind NOT IN ('COMPLAINT', 'SURVEY')",
    own: " AND l.person_id = $3 AND l.in_inbox",
    end: "",
    title: bilingual,
};

impl Part {
    /// At most `limit` entries of a unit, newest first, those before `after`.
    pub(super) async fn page(
        &self,
        scope: &TenantScope,
        (unit, sight): (UnitId, Sight),
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u64,
    ) -> Result<Vec<Entry>, StorageError> {
        let (seen, who) = match sight {
            Sight::Staff(user) => (self.open(), user),
            Sight::Own(person, _) => (self.own.to_owned(), person),
        };
        let mut values: Vec<Value> = vec![unit.as_uuid().into(), who.into()];
        if let (Sight::Own(_, since), true) = (sight, seen.contains("$4")) {
            values.push(since.into());
        }
        let mut place = String::new();
        if let Some((at, id)) = after {
            let next = values.len() + 2;
            place = format!(" WHERE (e.at < ${next} OR (e.at = ${next} AND e.id < ${}))", next + 1);
            values.extend([Value::from(at), id.into()]);
        }
        let Self { rows, end, .. } = self;
        let sql = format!(
            "SELECT e.id, e.at, e.title, e.extra, e.state FROM ({rows}{seen}{end}) e{place} \
             ORDER BY e.at DESC, e.id DESC LIMIT {limit}"
        );
        let found: Vec<Row> = scope.rows(&sql, values).await?;
        found.into_iter().map(|row| self.entry(row)).collect()
    }

    /// The conditions for staff: no secret of theirs, also no letter that refers to one.
    fn open(&self) -> String {
        let hidden = secrecy::HIDDEN_FROM.replace('?', "$3");
        let mut seen = format!(" AND {} NOT IN {hidden}{}", self.thing, self.staff);
        if self.kind == Kind::Message {
            let names = secrecy::HIDDEN_NAMES.replace('?', "$3");
            seen.push_str(" AND l.reference NOT IN ");
            seen.push_str(&names);
        }
        seen
    }

    fn entry(&self, row: Row) -> Result<Entry, StorageError> {
        Ok(Entry {
            at: row.at,
            key: row.id,
            kind: self.kind,
            id: format!("{}_{}", self.prefix, row.id.simple()),
            state: row.state.clone(),
            title: (self.title)(row)?,
        })
    }
}
