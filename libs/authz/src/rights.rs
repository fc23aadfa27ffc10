//! One user's rights, compiled.

use crate::{Grant, Limit, Permission, Reach, Role};
use ids::EstateId;
use money::Fen;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// What a right covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) reach: Reach,
    pub(crate) limit: Limit,
}

type Table = HashMap<Arc<str>, Allowed>;

/// Everything one user may do in a company: one table per estate and one for the whole company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    company: Table,
    estates: HashMap<EstateId, Table>,
}

impl Rights {
    /// Compiles grants; a grant of an unknown role gives nothing.
    pub fn compile<'g>(
        grants: impl IntoIterator<Item = &'g Grant>,
        role: impl Fn(&str) -> Option<&'g Role>,
    ) -> Self {
        let mut rights = Self::default();
        for grant in grants {
            let table = match grant.estate {
                None => &mut rights.company,
                Some(estate) => rights.estates.entry(estate).or_default(),
            };
            for right in role(&grant.role).iter().flat_map(|role| &role.permissions) {
                let limit = right.limit.map_or(Limit::None, |fen| Limit::UpTo(Fen(fen)));
                let allowed = Allowed { reach: reach(&right.reach, &grant.zone), limit };
                widen(table, right.permission.as_str().into(), allowed);
            }
        }
        for table in rights.estates.values_mut() {
            for (permission, allowed) in &rights.company {
                widen(table, Arc::clone(permission), allowed.clone());
            }
        }
        rights
    }

    /// What `permission` covers in `estate`, if it is there at all.
    pub(crate) fn in_estate(&self, permission: Permission, estate: EstateId) -> Option<&Allowed> {
        self.estates.get(&estate).unwrap_or(&self.company).get(permission.as_str())
    }

    /// What `permission` covers when it is held for the whole company.
    pub(crate) fn in_company(&self, permission: Permission) -> Option<&Allowed> {
        self.company.get(permission.as_str())
    }

    /// The estates in which `permission` was given one by one.
    pub(crate) fn estates_with(&self, permission: Permission) -> Vec<(EstateId, Allowed)> {
        let held = |(estate, table): (&EstateId, &Table)| {
            table.get(permission.as_str()).map(|allowed| (*estate, allowed.clone()))
        };
        self.estates.iter().filter_map(held).collect()
    }

    /// Whether the user may do this in the estate, whatever the reach and the amount; the question
    /// that the casbin model answers too.
    pub fn allows(&self, permission: &str, estate: Option<EstateId>) -> bool {
        self.table(estate).contains_key(permission)
    }

    /// The names of everything the user may do there, sorted.
    pub(crate) fn names(&self, estate: Option<EstateId>) -> Vec<String> {
        let mut names: Vec<String> = self.table(estate).keys().map(ToString::to_string).collect();
        names.sort();
        names
    }

    fn table(&self, estate: Option<EstateId>) -> &Table {
        estate.and_then(|estate| self.estates.get(&estate)).unwrap_or(&self.company)
    }
}

fn widen(table: &mut Table, permission: Arc<str>, allowed: Allowed) {
    let wider = match table.remove(&permission) {
        None => allowed,
        Some(held) => {
            Allowed { reach: held.reach.or(allowed.reach), limit: held.limit.or(allowed.limit) }
        }
    };
    table.insert(permission, wider);
}

fn reach(word: &str, zone: &[Uuid]) -> Reach {
    match word {
        "all" => Reach::All,
        "zone" => Reach::Zone(zone.into()),
        "assigned" => Reach::Assigned,
        _ => Reach::Own,
    }
}
