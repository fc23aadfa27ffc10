//! Rules in the graph.

use super::{
    domain::PartKind,
    graphql::{BankPartKind, readable},
    rules::{AddRule, Rule, Terms, add_rule, remove_rule},
    rules_repo::Rules,
};
use crate::{graphql::fen, ids::BankRuleId, payments::PayError};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied};
use db::Db;
use money::Currency;
use rust_decimal::Decimal;

/// A rule by which lines of bank statements are recognised.
#[derive(Clone, SimpleObject)]
#[graphql(name = "BankRule")]
pub(crate) struct BankRuleNode {
    /// Its id.
    id: ID,
    /// Its name.
    name: String,
    /// What the payer's name contains.
    payer_contains: Option<String>,
    /// What the payer's number contains.
    payer_number: Option<String>,
    /// What the text or reference contains.
    text_contains: Option<String>,
    /// The amount, exactly.
    amount: Option<Money>,
    /// What such a line is.
    kind: BankPartKind,
    /// The billing account it is for.
    account_id: Option<ID>,
    /// Whether it matches by itself, after an import, what can be nothing else.
    automatic: bool,
}

fn node(rule: Rule, currency: Currency) -> BankRuleNode {
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    BankRuleNode {
        id: rule.id.to_string().into(),
        name: rule.name,
        payer_contains: given(rule.terms.payer),
        payer_number: given(rule.terms.payer_number),
        text_contains: given(rule.terms.text),
        amount: rule.terms.amount.map(|amount| Money::new(amount, currency)),
        kind: rule.kind.into(),
        account_id: rule.account.map(|id| id.to_string().into()),
        automatic: rule.automatic,
    }
}

/// What adding a rule needs: at least one term.
#[derive(InputObject)]
pub(crate) struct AddBankRuleInput {
    /// The estate.
    estate_id: ID,
    /// Its name.
    name: String,
    /// What the payer's name contains.
    payer_contains: Option<String>,
    /// What the payer's number contains.
    payer_number: Option<String>,
    /// What the text or reference contains.
    text_contains: Option<String>,
    /// The amount, exactly, in major units with its sign.
    amount: Option<Decimal>,
    /// What such a line is: `ACCOUNT`, `BANK_FEE` or `UNALLOCATED`.
    kind: BankPartKind,
    /// The billing account, for `ACCOUNT`.
    account_id: Option<ID>,
    /// Whether it matches by itself, after an import, what can be nothing else: exactly what the
    /// account owes, or exactly the amount, which is then needed. Otherwise it only suggests.
    #[graphql(default)]
    automatic: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What removing a rule needs.
#[derive(InputObject)]
pub(crate) struct RemoveBankRuleInput {
    /// The rule.
    rule_id: ID,
}

/// The rule after an act.
#[derive(SimpleObject)]
pub(crate) struct BankRulePayload {
    /// The rule.
    rule: BankRuleNode,
}

/// Queries on rules.
#[derive(Default)]
pub(crate) struct BankRuleQuery;

#[Object]
impl BankRuleQuery {
    /// The rules of an estate, oldest first.
    async fn bank_rules(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BankRuleNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (scope, books) = readable(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let rows = Rules(&scope).page(estate, &page).await.graphql()?;
        let node = |rule| node(rule, books.currency);
        Ok(Some(connection(&page, rows, |rule| rule.id.to_string(), node)))
    }
}

/// Mutations on rules.
#[derive(Default)]
pub(crate) struct BankRuleMutation;

#[Object]
impl BankRuleMutation {
    /// Add a rule: it suggests what a line is, or matches it by itself.
    async fn add_bank_rule(
        &self,
        ctx: &Context<'_>,
        input: AddBankRuleInput,
    ) -> Result<BankRulePayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let text = |given: Option<String>| given.unwrap_or_default().trim().to_owned();
        let account = input.account_id.map(|id| parse_id(&id, "accountId"));
        let command = AddRule {
            estate: parse_id(&input.estate_id, "estateId")?,
            name: input.name,
            terms: Terms {
                payer: text(input.payer_contains),
                payer_number: text(input.payer_number),
                text: text(input.text_contains),
                amount: input.amount.map(|amount| fen(amount, "amount")).transpose()?,
            },
            kind: PartKind::from(input.kind),
            account: account.transpose()?,
            automatic: input.automatic,
        };
        let id = add_rule(db, caller, command, &key).await.graphql()?;
        Ok(BankRulePayload { rule: of(db, caller, id).await.graphql()? })
    }

    /// Remove a rule; what it led to stays.
    async fn remove_bank_rule(
        &self,
        ctx: &Context<'_>,
        input: RemoveBankRuleInput,
    ) -> Result<BankRulePayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = remove_rule(db, caller, parse_id(&input.rule_id, "ruleId")?).await.graphql()?;
        Ok(BankRulePayload { rule: of(db, caller, id).await.graphql()? })
    }
}

async fn of(
    db: &Db,
    caller: &Caller,
    id: BankRuleId,
) -> std::result::Result<BankRuleNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let rule = Rules(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let (_, books) = readable(db, caller, rule.estate).await?;
    Ok(node(rule, books.currency))
}
