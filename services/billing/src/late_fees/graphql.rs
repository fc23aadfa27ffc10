//! Late fees in the graph.

use super::{
    domain::{LateFeeQuote, LateFeeTerms, Segment},
    repo,
    set_terms::set_terms,
};
use crate::{
    accounts::{self, visible},
    error::Refused,
    estates,
    fees::FEE_READ,
    ids::BillingAccountId,
    ledger::{AllocationOrder, Toward},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use authz::{Caller, Denied};
use chrono::NaiveDate;
use db::Db;
use graphql::{GraphqlResultExt as _, Money, RateScalar, caller, language, parse_id};
use ids::EstateId;
use money::{Currency, Rate};
use texts::Language;

/// What of a bill something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "BillPart", remote = "Toward")]
pub enum TowardWord {
    /// What was billed.
    Principal,
    /// The late fee that has grown on it.
    LateFee,
}

/// In which order money without a word of the payer meets several debts (冲抵顺序).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "AllocationOrder", remote = "AllocationOrder")]
pub enum AllocationOrderWord {
    /// The oldest due bill first, in it principal before late fee.
    BillByBill,
    /// The principal of every bill, oldest due first, then their late fees.
    PrincipalFirst,
    /// The oldest due bill first, in it late fee before principal.
    LateFeeFirst,
}

/// What the contract says about paying late, from a day on (违约金条款).
#[derive(SimpleObject)]
#[graphql(name = "LateFeeTerms")]
pub struct TermsNode {
    /// The first day on which they hold.
    from: NaiveDate,
    /// Only for this account; else for every account without terms of its own.
    account_id: Option<ID>,
    /// The part of the open principal that each day adds, e.g. `0.0005` for 0.05 %.
    daily_rate: RateScalar,
    /// The most that a late fee can come to, as part of the bill's principal, e.g. `0.30`.
    cap: RateScalar,
    /// How money meets several debts.
    allocation: AllocationOrderWord,
}

impl From<LateFeeTerms> for TermsNode {
    fn from(terms: LateFeeTerms) -> Self {
        Self {
            from: terms.from,
            account_id: terms.account.map(|account| account.to_string().into()),
            daily_rate: RateScalar(terms.daily),
            cap: RateScalar(terms.cap),
            allocation: terms.allocation.into(),
        }
    }
}

/// Some days with one open principal and one rate.
#[derive(SimpleObject)]
pub struct LateFeeLine {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// How many days.
    days: u32,
    /// The open principal.
    outstanding: Money,
    /// The daily rate.
    daily_rate: RateScalar,
    /// Outstanding × rate × days, unrounded, e.g. `39.44409`.
    exact: String,
}

/// The late fee of a bill on a day, with its arithmetic (违约金).
pub struct LateFeeNode {
    pub(crate) on: NaiveDate,
    pub(crate) quote: LateFeeQuote,
    pub(crate) currency: Currency,
}

/// The late fee of a bill on a day, with its arithmetic (违约金).
#[Object(name = "LateFee")]
impl LateFeeNode {
    /// The day.
    async fn on(&self) -> NaiveDate {
        self.on
    }
    /// What has grown until the day, rounded once and capped.
    async fn quoted(&self) -> Money {
        Money::new(self.quote.quoted, self.currency)
    }
    /// What of it does not change any more: it is paid, or an instalment plan keeps it as it is.
    async fn frozen(&self) -> Money {
        Money::new(self.quote.frozen, self.currency)
    }
    /// What of it is paid.
    async fn paid(&self) -> Money {
        Money::new(self.quote.paid, self.currency)
    }
    /// What of it is waived.
    async fn waived(&self) -> Money {
        Money::new(self.quote.waived, self.currency)
    }
    /// What is owed of it: quoted less paid and waived.
    async fn due(&self) -> Money {
        Money::new(self.quote.due, self.currency)
    }
    /// The most it can come to; none where no contract names a late fee.
    async fn cap(&self) -> Option<Money> {
        self.quote.cap.map(|cap| Money::new(cap, self.currency))
    }
    /// Whether the cap holds it down.
    async fn capped(&self) -> bool {
        self.quote.capped
    }
    /// The days and what they add, in order.
    async fn lines(&self) -> Vec<LateFeeLine> {
        let line = |segment: &Segment| LateFeeLine {
            from: segment.from,
            to: segment.to,
            days: segment.days,
            outstanding: Money::new(segment.outstanding, self.currency),
            daily_rate: RateScalar(segment.daily),
            exact: segment.exact().to_string(),
        };
        self.quote.segments.iter().map(line).collect()
    }
    /// The arithmetic in Chinese and numbers.
    async fn words_zh(&self) -> Option<String> {
        self.quote.words().map(|words| words.say(Language::Zh))
    }
    /// The arithmetic in English and numbers.
    async fn words_en(&self) -> Option<String> {
        self.quote.words().map(|words| words.say(Language::En))
    }
}

/// Terms to set.
#[derive(InputObject)]
pub struct SetLateFeeTermsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Only this account, `bac_…`; else every account that has no terms of its own.
    account_id: Option<ID>,
    /// The first day on which they hold.
    from: NaiveDate,
    /// The part of the open principal that each day adds; without it `0.0005`, which is 0.05 %.
    daily_rate: Option<RateScalar>,
    /// The most that a late fee can come to, as part of the bill's principal; without it `0.30`.
    cap: Option<RateScalar>,
    /// How money meets several debts; without it `BILL_BY_BILL`.
    allocation: Option<AllocationOrderWord>,
}

/// What setting terms changed.
#[derive(SimpleObject)]
pub struct LateFeeTermsPayload {
    /// The terms.
    terms: TermsNode,
    /// What a court might object to, e.g. a daily rate above 0.05 %.
    warnings: Vec<String>,
}

/// Queries on late fees.
#[derive(Default)]
pub struct LateFeeQuery;

#[Object]
impl LateFeeQuery {
    /// What the contract of an estate says about paying late, in all its versions, in the order in
    /// which they were set; with the terms of one account that is named.
    async fn late_fee_terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Those of this account too, `bac_…`")] account_id: Option<ID>,
    ) -> Result<Option<Vec<TermsNode>>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let account = account_id.map(|id| parse_id(&id, "accountId")).transpose()?;
        let versions = versions(ctx.data()?, caller(ctx)?, estate, account).await.graphql()?;
        Ok(Some(versions.into_iter().map(Into::into).collect()))
    }
}

async fn versions(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    account: Option<BillingAccountId>,
) -> Result<Vec<LateFeeTerms>, Refused> {
    let permit = caller.read(FEE_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    estates::visible(&scope, &permit).await?;
    estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    if let Some(id) = account {
        let account = accounts::find(&scope, id).await?.ok_or(Denied::Hidden)?;
        visible(&caller.read(accounts::ACCOUNT_READ, estate)?, &account)?;
    }
    Ok(repo::contract(&scope, estate, account).await?.versions().to_vec())
}

/// Changes of late fees.
#[derive(Default)]
pub struct LateFeeMutation;

#[Object]
impl LateFeeMutation {
    /// Set what the contract says about paying late, from a day on. Without terms no late fee grows.
    async fn set_late_fee_terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is set")] input: SetLateFeeTermsInput,
    ) -> Result<LateFeeTermsPayload> {
        let rate = |given: Option<RateScalar>, usual: Rate| given.map_or(usual, |rate| rate.0);
        let account = input.account_id.as_ref();
        let terms = LateFeeTerms {
            from: input.from,
            account: account.map(|id| parse_id(id, "accountId")).transpose()?,
            daily: rate(input.daily_rate, LateFeeTerms::USUAL_DAILY),
            cap: rate(input.cap, LateFeeTerms::USUAL_CAP),
            allocation: input.allocation.map_or_else(AllocationOrder::default, Into::into),
        };
        let estate = parse_id(&input.estate_id, "estateId")?;
        let set = set_terms(ctx.data()?, caller(ctx)?, estate, terms).await.graphql()?;
        let language = language(ctx);
        let warnings = set.warnings().iter().map(|warning| warning.say(language)).collect();
        Ok(LateFeeTermsPayload { terms: set.into(), warnings })
    }
}
