//! Programs with some permissions each, by which one sees which permission opens what.

use super::{Actor, Stage};
use authz::role_templates;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::sync::{Mutex, OnceCell};

/// In how many groups all permissions are tried before each is alone.
const GROUPS: usize = 14;

/// A program that is made when somebody first asks for it.
type Made = Arc<OnceCell<Actor>>;

/// What programs hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    /// The permissions, sorted.
    pub permissions: Vec<String>,
    /// In the first estate only, else in the whole company.
    pub here: bool,
}

/// Programs of our company, by what they hold.
#[derive(Default)]
pub struct Programs(Mutex<BTreeMap<Holding, Made>>);

/// Every permission there is.
pub fn permissions() -> Vec<String> {
    let rights = role_templates().into_iter().flat_map(|role| role.permissions);
    let all: BTreeSet<String> = rights.map(|right| right.permission).collect();
    all.into_iter().collect()
}

/// Every right to read.
pub fn reads() -> Vec<String> {
    let reads = |name: &String| name.rsplit_once('.').is_some_and(|(_, act)| act == "read");
    permissions().into_iter().filter(reads).collect()
}

/// All permissions in groups that are tried together; those of one feature are in different ones, as
/// some exclude each other.
pub fn groups() -> Vec<Vec<String>> {
    let all = permissions();
    (0..GROUPS).map(|first| all.iter().skip(first).step_by(GROUPS).cloned().collect()).collect()
}

impl Stage {
    /// A program that holds these permissions in the whole company, or in the first estate only.
    pub async fn program(&self, permissions: &[String], here: bool) -> Actor {
        let permissions: BTreeSet<String> = permissions.iter().cloned().collect();
        let holding = Holding { permissions: permissions.into_iter().collect(), here };
        let (number, made) = {
            let mut all = self.programs.0.lock().await;
            let number = all.len();
            (number, Arc::clone(all.entry(holding.clone()).or_default()))
        };
        made.get_or_init(|| self.make_program(number, &holding)).await.clone()
    }

    async fn make_program(&self, number: usize, holding: &Holding) -> Actor {
        let role = format!("PROGRAM_{number}");
        let rights = holding.permissions.iter();
        let rights = rights.map(|name| json!({ "permission": name, "reach": "ALL" }));
        self.ours.role(&self.world, &role, rights.collect()).await;
        let estate = holding.here.then(|| self.inside.text("estate"));
        let token = self.ours.client(&self.world, &role, estate.as_deref()).await;
        let upload = self.upload(&token, &self.inside).await;
        Actor { name: role, token, bound: holding.here, resident: false, upload }
    }
}
