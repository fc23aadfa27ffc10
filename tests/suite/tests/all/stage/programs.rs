//! Programs with one permission each, by which one sees which permission opens what.

use super::{Actor, Stage};
use authz::role_templates;
use futures::{StreamExt as _, stream};
use serde_json::json;
use std::collections::BTreeSet;

/// Programs made at a time.
const AT_ONCE: usize = 8;

/// Programs of our company.
pub struct Programs {
    /// With every right to read.
    pub reader: Actor,
    /// For every permission there is.
    pub each: Vec<Program>,
}

/// Programs with one permission.
pub struct Program {
    pub permission: String,
    /// In the whole company.
    pub everywhere: Actor,
    /// In the first estate only.
    pub here: Actor,
    /// In the whole company, with every right to read beside it.
    pub reading: Actor,
}

impl Stage {
    /// A program with every right to read, and programs for every permission there is.
    pub async fn programs(&self) -> &Programs {
        self.programs.get_or_init(|| self.make_programs()).await
    }

    async fn make_programs(&self) -> Programs {
        let rights = role_templates().into_iter().flat_map(|role| role.permissions);
        let permissions: BTreeSet<String> = rights.map(|right| right.permission).collect();
        let reads = |name: &&str| name.rsplit_once('.').is_some_and(|(_, act)| act == "read");
        let reads: Vec<&str> = permissions.iter().map(String::as_str).filter(reads).collect();
        let reader = self.program("READER", &reads, None).await;
        let each = stream::iter(permissions.iter().enumerate());
        let each = each.map(|(n, permission)| self.program_of(n, permission, &reads));
        Programs { reader, each: each.buffered(AT_ONCE).collect().await }
    }

    async fn program_of(&self, n: usize, permission: &str, reads: &[&str]) -> Program {
        let only = [permission];
        let others = reads.iter().copied().filter(|name| *name != permission);
        let with_reads: Vec<&str> = others.chain(only).collect();
        let estate = self.inside.text("estate");
        Program {
            permission: permission.to_owned(),
            everywhere: self.program(&format!("ONLY_{n}"), &only, None).await,
            here: self.program(&format!("HERE_{n}"), &only, Some(&estate)).await,
            reading: self.program(&format!("READING_{n}"), &with_reads, None).await,
        }
    }

    /// A program with a role of its own.
    async fn program(&self, role: &str, permissions: &[&str], estate: Option<&str>) -> Actor {
        let rights = permissions.iter().map(|name| json!({ "permission": name, "reach": "ALL" }));
        self.ours.role(&self.world, role, rights.collect()).await;
        let token = self.ours.client(&self.world, role, estate).await;
        let upload = self.upload(&token, &self.inside).await;
        let (name, bound) = (role.to_owned(), estate.is_some());
        Actor { name, token, bound, resident: false, upload }
    }
}
