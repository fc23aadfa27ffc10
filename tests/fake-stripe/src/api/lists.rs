//! Lists with Stripe's cursors and filters, and the expansion of ids into objects.

use super::{Refusal, Tx};
use crate::{
    form::Params,
    state::{Account, Kind},
};
use serde_json::{Value, json};

const FILTERS: [&str; 6] = ["customer", "payment_intent", "charge", "status", "type", "source"];

/// Objects of a kind, newest first, filtered and cut as asked.
pub(super) fn list(
    tx: &mut Tx<'_>,
    kind: Kind,
    path: &[&str],
    params: &Params,
) -> Result<Value, Refusal> {
    let limit = params.get("limit").map_or(Ok(10), str::parse::<usize>).ok();
    let limit = limit.filter(|n| (1..=100).contains(n)).ok_or_else(|| {
        Refusal::invalid(Some("parameter_invalid"), Some("limit"), "limit is 1 to 100")
    })?;
    let own = tx.own();
    for cursor in ["starting_after", "ending_before"] {
        if let Some(id) = params.get(cursor)
            && own.get(kind, id).is_none()
        {
            return Err(Refusal::missing(kind, id));
        }
    }
    let matching: Vec<&Value> = own.newest(kind).filter(|o| matches(o, own, params)).collect();
    let at = |id: &str| matching.iter().position(|o| o["id"] == id);
    let (page, has_more) = if let Some(end) = params.get("ending_before").and_then(at) {
        let start = end.saturating_sub(limit);
        (&matching[start..end], start > 0)
    } else {
        let start = params.get("starting_after").and_then(at).map_or(0, |found| found + 1);
        let end = matching.len().min(start + limit);
        (&matching[start..end], end < matching.len())
    };
    let url = format!("/v1/{}", path.join("/"));
    Ok(json!({"object": "list", "url": url, "has_more": has_more, "data": page}))
}

fn matches(object: &Value, own: &Account, params: &Params) -> bool {
    let same = FILTERS.iter().all(|f| params.get(f).is_none_or(|wanted| object[f] == wanted));
    let created = object["created"].as_i64().unwrap_or_default();
    let bound = |name: &str| params.get(name).and_then(|text| text.parse::<i64>().ok());
    let id = object["id"].as_str().unwrap_or_default();
    same && bound("created[gte]").is_none_or(|b| created >= b)
        && bound("created[gt]").is_none_or(|b| created > b)
        && bound("created[lte]").is_none_or(|b| created <= b)
        && bound("created[lt]").is_none_or(|b| created < b)
        && params
            .get("payout")
            .is_none_or(|wanted| own.paid_out.get(id).is_some_and(|payout| payout == wanted))
}

/// Replaces the id at `path` by its object; a path into nothing changes nothing.
pub(super) fn expand(value: &mut Value, path: &[&str], own: &Account) {
    if let Value::Array(members) = value {
        for member in members {
            expand(member, path, own);
        }
        return;
    }
    let Some((first, rest)) = path.split_first() else { return };
    let Some(field) = value.get_mut(*first) else { return };
    if let Some(object) = field.as_str().and_then(|id| own.objects.get(id)) {
        *field = object.clone();
    }
    expand(field, rest, own);
}
