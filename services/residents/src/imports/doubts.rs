//! Whose identity number is doubtful.

use super::is_valid_identity;
use roster::{Person, each_record, kind};
use sheets::{Findings, Mapping, SheetError, Workbook, Wrong};
use std::collections::HashMap;

/// Identity numbers that several rows have: how many, and the first few of these rows.
pub(super) type Shared = HashMap<String, (usize, Vec<u32>)>;

/// How many rows are named; a file may repeat one number thousands of times.
const NAMED: usize = 10;

/// Looks through the people for numbers that occur more than once.
pub(super) fn shared_identities(
    book: &mut Workbook,
    mapping: &Mapping,
) -> Result<Shared, SheetError> {
    let (mut first, mut shared) = (HashMap::<String, u32>::new(), Shared::new());
    // What is wrong with the rows is said when they are read for good.
    let mut aside = Findings::default();
    let identity = |fields: &mut sheets::Fields<'_>| {
        // Of a code that is used twice only the first row counts.
        let person = Person::read(fields)?;
        Some((person.code, person.identity?))
    };
    let mut codes = std::collections::HashSet::new();
    each_record(book, mapping, kind::PEOPLE, &mut aside, identity, |found| {
        let (code, identity) = found.record;
        if !codes.insert(code) {
            return;
        }
        if let Some((count, rows)) = shared.get_mut(&identity) {
            *count += 1;
            if rows.len() < NAMED {
                rows.push(found.row);
            }
        } else if let Some(row) = first.get(&identity) {
            shared.insert(identity, (2, vec![*row, found.row]));
        } else {
            first.insert(identity, found.row);
        }
    })?;
    Ok(shared)
}

/// A doubtful identity number and why; a company's registration number has no check digit of ours.
pub(super) fn identity<'p>(person: &'p Person, shared: &Shared) -> Option<(&'p str, Wrong)> {
    let identity = person.identity.as_deref()?;
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if let Some((count, rows)) = shared.get(identity) {
        let named: Vec<String> = rows.iter().map(u32::to_string).collect();
        let named = named.join(", ");
        zh.push(format!("{count}人使用同一身份证号（第 {named} 行）"));
        en.push(format!("{count} people share it (rows {named})"));
    }
    if person.kind != Some(roster::PartyKind::Company) && !is_valid_identity(identity) {
        zh.push("身份证号校验不通过".to_owned());
        en.push("the check digit or the date of birth is wrong".to_owned());
    }
    let doubtful = !zh.is_empty();
    let why = || Wrong::new("DOUBTFUL_IDENTITY", zh.join("；"), en.join("; "));
    doubtful.then(|| (identity, why()))
}
