//! Billing accounts in the graph.

use super::{ACCOUNT_READ, AccountId, BillingAccount, SetTerms, repo, visible};
use crate::{
    bill_runs::graphql::parse_month,
    bills::{
        BillsOf,
        graphql::{AmountOwed, BillNode, bills_of},
    },
    charges::{Cycle, DueRule},
    estates::Terms,
    graphql::{
        AccountLoader, BalanceLoader, EstateLoader, EstateNode, OwedLoader, UnitNode, shared,
    },
    ledger, say,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use db::Db;
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, parse_id};
use money::Currency;

/// How many months one bill covers, aligned to the calendar year.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BillingCycle", remote = "Cycle")]
pub enum CycleWord {
    /// Every month.
    Month,
    /// From January, April, July, October.
    Quarter,
    /// From January and July.
    HalfYear,
    /// From January.
    Year,
}

/// How often an account is billed and when a bill falls due.
#[derive(SimpleObject)]
pub struct BillingTerms {
    /// How many months a bill covers.
    cycle: CycleWord,
    /// It falls due on this day of its first month,
    due_day: Option<i32>,
    /// or this many days after its issue.
    due_after_days: Option<i32>,
}

impl From<Terms> for BillingTerms {
    fn from(terms: Terms) -> Self {
        let int = |n| i32::try_from(n).ok();
        let (due_day, due_after_days) = match terms.due {
            DueRule::DayOfFirstMonth(day) => (int(day), None),
            DueRule::DaysAfterIssue(days) => (None, int(days)),
        };
        Self { cycle: terms.cycle.into(), due_day, due_after_days }
    }
}

/// One debtor's account in an estate (收费账户).
pub struct AccountNode(pub(crate) BillingAccount);

impl AccountNode {
    /// The account of something that the caller has read.
    pub(crate) async fn of(ctx: &Context<'_>, id: AccountId) -> Result<Self> {
        let loader = ctx.data::<AccountLoader>()?;
        let account = loader.load_one(id).await.map_err(|error| shared(&error))?;
        account.map(Self).ok_or(Denied::Hidden).graphql()
    }
}

/// One debtor's account in an estate (收费账户).
#[Object(name = "BillingAccount")]
impl AccountNode {
    /// Its id, `bac_…`.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }
    /// The estate.
    async fn estate(&self) -> EstateNode {
        self.0.estate.into()
    }
    /// The unit it is for, if it is for one.
    async fn unit(&self) -> Option<UnitNode> {
        self.0.debtor.unit.map(Into::into)
    }
    /// The person or organisation that owes, `psn_…`.
    async fn party_id(&self) -> ID {
        self.0.debtor.party.to_string().into()
    }
    /// The name of the one who owes: in full for themself, masked for everybody else.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str> {
        let own = crate::graphql::own_person(caller(ctx)?);
        let name = &self.0.name;
        Ok(if own == Some(self.0.debtor.party.as_uuid()) { &name.full } else { &name.shown })
    }
    /// Its terms: its own, or else those of the estate.
    async fn terms(&self, ctx: &Context<'_>) -> Result<BillingTerms> {
        if let Some(terms) = self.0.terms {
            return Ok(terms.into());
        }
        let loader = ctx.data::<EstateLoader>()?;
        let estate = loader.load_one(self.0.estate).await.map_err(|error| shared(&error))?;
        Ok(estate.ok_or(Denied::Hidden).graphql()?.terms.into())
    }
    /// What it owes; below zero it has paid ahead.
    async fn balance(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::cny(self.standing(ctx).await?.balance()))
    }
    /// What it has paid ahead of any bill.
    async fn prepayment(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::cny(self.standing(ctx).await?.ahead))
    }
    /// What it owes today of its bills: principal and late fee.
    async fn owed(&self, ctx: &Context<'_>) -> Result<AmountOwed> {
        let loader = ctx.data::<OwedLoader>()?;
        let owed = loader.load_one((self.0.estate, self.0.id)).await;
        let owed = owed.map_err(|error| shared(&error))?.unwrap_or_default();
        Ok(AmountOwed::new(owed.principal, owed.late_fee, Currency::CNY))
    }
    /// Its bills, newest first.
    async fn bills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, BillNode>> {
        bills_of(ctx, BillsOf::Account(self.0.id), &PageArgs::new(first, after)?).await
    }
}

impl AccountNode {
    async fn standing(&self, ctx: &Context<'_>) -> Result<ledger::Standing> {
        let loader = ctx.data::<BalanceLoader>()?;
        let loaded = loader.load_one((self.0.estate, self.0.id)).await;
        Ok(loaded.map_err(|error| shared(&error))?.unwrap_or_default())
    }
}

/// Queries on accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// A billing account.
    async fn billing_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] id: ID,
    ) -> Result<Option<AccountNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let id = parse_id::<AccountId>(&id, "id")?;
        let account = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        let permit = caller.read(ACCOUNT_READ, account.estate).graphql()?;
        visible(&permit, &account).graphql()?;
        Ok(Some(AccountNode(account)))
    }

    /// The accounts of the signed-in resident, in every estate.
    async fn my_accounts(&self, ctx: &Context<'_>) -> Result<Option<Vec<AccountNode>>> {
        let caller = caller(ctx)?;
        let Some(person) = crate::graphql::own_person(caller) else { return Ok(Some(Vec::new())) };
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let accounts = repo::of_party(&scope, person).await.graphql()?;
        Ok(Some(accounts.into_iter().map(AccountNode).collect()))
    }
}

/// Terms to set.
#[derive(InputObject)]
pub struct SetBillingTermsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Only this account, `bac_…`; else every account that has no terms of its own.
    account_id: Option<ID>,
    /// How many months a bill covers.
    cycle: CycleWord,
    /// It falls due on this day of its first month; 1 to 31.
    due_day: Option<i32>,
    /// Or this many days after its issue; 0 to 365. Exactly one of the two is given.
    due_after_days: Option<i32>,
    /// Nothing before this month is charged in the estate, e.g. `2026-07`.
    cut_over_month: Option<String>,
}

/// What setting terms changed.
#[derive(SimpleObject)]
pub struct BillingTermsPayload {
    /// The terms.
    terms: BillingTerms,
}

/// Changes of accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Set how often accounts are billed and when bills fall due. Issued bills stay as they are.
    async fn set_billing_terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is set")] input: SetBillingTermsInput,
    ) -> Result<BillingTermsPayload> {
        let days = |days: i32, field: &str| {
            u32::try_from(days).map_err(|_| Invalid::new(field, expected::not_negative())).graphql()
        };
        let due = match (input.due_day, input.due_after_days) {
            (Some(day), None) => DueRule::DayOfFirstMonth(days(day, "dueDay")?),
            (None, Some(after)) => DueRule::DaysAfterIssue(days(after, "dueAfterDays")?),
            _ => return Err(Invalid::new("dueDay", say::this_or("dueAfterDays"))).graphql(),
        };
        let account = input.account_id.as_ref();
        let account = account.map(|id| parse_id(id, "accountId")).transpose()?;
        let cut_over = input.cut_over_month.as_deref();
        let cut_over = cut_over.map(|month| parse_month(month, "cutOverMonth")).transpose()?;
        let terms = Terms { cycle: input.cycle.into(), due };
        let estate = parse_id(&input.estate_id, "estateId")?;
        let wanted = SetTerms { estate, account, terms, cut_over };
        super::set_terms(ctx.data::<Db>()?, caller(ctx)?, wanted).await.graphql()?;
        Ok(BillingTermsPayload { terms: terms.into() })
    }
}
