//! The search box in the graph.

use super::{Hit, Matched, search};
use crate::{
    graphql::{Loaders, State},
    people::graphql::PersonNode,
    structure::graphql::UnitNode,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, Object, Result, SimpleObject, connection::Connection,
};
use contracts::PersonId;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse_id};

/// What of a household matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "SearchMatch", remote = "Matched")]
pub enum MatchedNode {
    /// The unit's label or number.
    Unit,
    /// A person's name.
    Name,
    /// A person's phone.
    Phone,
    /// A vehicle's plate.
    Plate,
}

/// A unit that was found.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "SearchHit", complex)]
pub struct HitNode {
    #[graphql(skip)]
    person_id: Option<PersonId>,
    /// The unit, with its household card.
    unit: UnitNode,
    /// What matched first.
    matched: MatchedNode,
}

impl From<Hit> for HitNode {
    fn from(hit: Hit) -> Self {
        Self { person_id: hit.person, unit: hit.unit.into(), matched: hit.matched.into() }
    }
}

#[ComplexObject]
impl HitNode {
    /// The person whose name, phone or vehicle matched, masked.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<PersonNode>> {
        let Some(person) = self.person_id else { return Ok(None) };
        Ok(of_caller::<Loaders>(ctx)?.person(person).await?.map(PersonNode::from))
    }
}

/// The search box.
#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Units by number (`3-1-1201`, its beginning, or the door number), by a part of a name, by
    /// the last four or more digits of a phone, or by a part of a plate.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed.")] text: String,
        #[graphql(desc = "Only in this estate.")] estate_id: Option<ID>,
        #[graphql(desc = "How many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, HitNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = estate_id.map(|id| parse_id(&id, "estateId")).transpose()?;
        let keys = &ctx.data::<State>()?.keys;
        let mut hits = search(ctx.data()?, keys, caller(ctx)?, estate, &text).await.graphql()?;
        let place = |hit: &Hit| format!("{} {}", hit.unit.label, hit.unit.id);
        if let Some(after) = &page.after {
            hits.retain(|hit| place(hit) > after.0);
        }
        Ok(Some(connection(&page, hits, place, HitNode::from)))
    }
}
