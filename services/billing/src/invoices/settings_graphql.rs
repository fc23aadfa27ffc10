//! Tax classes, the seller and titles in the graph.

use super::{
    INVOICE_READ, INVOICE_SETTINGS,
    domain::{Seller, TaxClass},
    settings::{self, SetClass},
    settings_repo::{self as repo, Title},
};
use crate::{accounts, ids::BillingAccountId};
use ::graphql::{
    Cursor, GraphqlResultExt as _, PageArgs, RateScalar, caller, connection, parse_id,
};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Denied, Reach};
use chrono::NaiveDate;
use db::Db;
use ids::EstateId;

/// How a fee item is taxed from a day on.
#[derive(SimpleObject)]
#[graphql(name = "InvoiceTaxClass")]
pub(crate) struct TaxClassNode {
    /// Its id, `txc_…`.
    id: ID,
    /// The fee item, `fit_…`.
    fee_item_id: ID,
    /// The first day.
    from: NaiveDate,
    /// The rate; `0.06` is 6 %. Prices include it.
    rate: RateScalar,
    /// 商品和服务税收分类编码, 19 digits.
    code: String,
    /// What invoices call it.
    name: String,
}

impl From<TaxClass> for TaxClassNode {
    fn from(class: TaxClass) -> Self {
        Self {
            id: class.id.to_string().into(),
            fee_item_id: class.item.to_string().into(),
            from: class.from,
            rate: RateScalar(class.rate),
            code: class.code,
            name: class.name,
        }
    }
}

/// The company as seller on invoices.
#[derive(SimpleObject)]
#[graphql(name = "InvoiceSeller")]
pub(crate) struct SellerNode {
    /// Its registered name.
    name: String,
    /// Its tax number.
    tax_number: String,
    /// Its address.
    address: String,
    /// Its telephone.
    phone: String,
    /// Its bank.
    bank: String,
    /// Its account there.
    bank_account: String,
}

impl From<Seller> for SellerNode {
    fn from(seller: Seller) -> Self {
        let Seller { name, tax_number, address, phone, bank, bank_account } = seller;
        Self { name, tax_number, address, phone, bank, bank_account }
    }
}

/// A name under which an account wants its invoices (发票抬头).
#[derive(SimpleObject)]
#[graphql(name = "InvoiceTitle")]
pub(crate) struct TitleNode {
    /// Its id, `tit_…`.
    id: ID,
    /// The account, `bac_…`.
    account_id: ID,
    /// The name.
    name: String,
    /// The tax number of a company; null for a person.
    tax_number: Option<String>,
}

impl From<Title> for TitleNode {
    fn from(title: Title) -> Self {
        Self {
            id: title.id.to_string().into(),
            account_id: title.account.to_string().into(),
            name: title.buyer.name,
            tax_number: title.buyer.tax_number,
        }
    }
}

/// A tax class to set.
#[derive(InputObject)]
pub(crate) struct SetInvoiceTaxClassInput {
    /// The fee item, `fit_…`.
    fee_item_id: ID,
    /// The first day.
    from: NaiveDate,
    /// The rate, 0 to 1; `0.06` is 6 %.
    rate: RateScalar,
    /// 商品和服务税收分类编码, 19 digits.
    code: String,
    /// What invoices call it; 1 to 100 characters.
    name: String,
}

/// The tax class after an act.
#[derive(SimpleObject)]
pub(crate) struct InvoiceTaxClassPayload {
    /// The class.
    tax_class: TaxClassNode,
}

/// The company as seller.
#[derive(InputObject)]
pub(crate) struct SetInvoiceSellerInput {
    /// Its registered name.
    name: String,
    /// Its tax number, with its check character.
    tax_number: String,
    /// Its address.
    address: String,
    /// Its telephone.
    phone: String,
    /// Its bank.
    bank: String,
    /// Its account there.
    bank_account: String,
}

/// The seller after an act.
#[derive(SimpleObject)]
pub(crate) struct InvoiceSellerPayload {
    /// The seller.
    seller: SellerNode,
}

/// A title to keep.
#[derive(InputObject)]
pub(crate) struct KeepInvoiceTitleInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// The name; 1 to 100 characters.
    name: String,
    /// The tax number of a company; none for a person.
    tax_number: Option<String>,
}

/// The title after an act.
#[derive(SimpleObject)]
pub(crate) struct InvoiceTitlePayload {
    /// The title.
    title: TitleNode,
}

/// Queries on what invoices need.
#[derive(Default)]
pub(crate) struct InvoiceSettingsQuery;

#[Object]
impl InvoiceSettingsQuery {
    /// A tax class.
    async fn invoice_tax_class(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The class, `txc_…`")] id: ID,
    ) -> Result<Option<TaxClassNode>> {
        let caller = caller(ctx)?;
        let id = parse_id(&id, "id")?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let class = repo::class(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        of_staff(caller.read(INVOICE_READ, class.estate)).graphql()?;
        Ok(Some(class.into()))
    }

    /// The tax classes of an estate's fee items, newest first; for staff.
    async fn invoice_tax_classes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, TaxClassNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let estate: EstateId = parse_id(&estate_id, "estateId")?;
        of_staff(caller.read(INVOICE_READ, estate)).graphql()?;
        let before = crate::graphql::after(&page)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let rows = repo::class_page(&scope, estate, before, page.limit()).await.graphql()?;
        let key = |class: &TaxClass| class.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }

    /// The company as seller; null until it is set.
    async fn invoice_seller(&self, ctx: &Context<'_>) -> Result<Option<SellerNode>> {
        let caller = caller(ctx)?;
        caller.read_company(INVOICE_SETTINGS).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = repo::seller(&scope).await.graphql()?;
        Ok(found.map(|(_, seller)| seller.into()))
    }

    /// The titles of an account, newest first; residents see their own.
    async fn invoice_titles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, TitleNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let id: BillingAccountId = parse_id(&account_id, "accountId")?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let account = accounts::find(&scope, id).await.graphql()?;
        let account = account.ok_or(Denied::Hidden).graphql()?;
        let permit = caller.read(INVOICE_READ, account.estate).graphql()?;
        accounts::visible(&permit, &account).graphql()?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::titles(&scope, id, before, page.limit()).await.graphql()?;
        let key = |title: &Title| title.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// Whoever sees only their own does not see how the company is taxed.
fn of_staff(right: Result<authz::EstateScope, Denied>) -> Result<(), Denied> {
    if *right?.reach() == Reach::All { Ok(()) } else { Err(Denied::Hidden) }
}

/// Mutations on what invoices need.
#[derive(Default)]
pub(crate) struct InvoiceSettingsMutation;

#[Object]
impl InvoiceSettingsMutation {
    /// Set how a fee item is taxed from a day on.
    async fn set_invoice_tax_class(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item, how")] input: SetInvoiceTaxClassInput,
    ) -> Result<InvoiceTaxClassPayload> {
        let new = SetClass {
            item: parse_id(&input.fee_item_id, "feeItemId")?,
            from: input.from,
            rate: input.rate.0,
            code: input.code,
            name: input.name,
        };
        let class = settings::set_class(ctx.data()?, caller(ctx)?, new).await.graphql()?;
        Ok(InvoiceTaxClassPayload { tax_class: class.into() })
    }

    /// Name the company as seller on invoices from now on.
    async fn set_invoice_seller(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The seller")] input: SetInvoiceSellerInput,
    ) -> Result<InvoiceSellerPayload> {
        let SetInvoiceSellerInput { name, tax_number, address, phone, bank, bank_account } = input;
        let seller = Seller { name, tax_number, address, phone, bank, bank_account };
        let seller = settings::set_seller(ctx.data()?, caller(ctx)?, seller).await.graphql()?;
        Ok(InvoiceSellerPayload { seller: seller.into() })
    }

    /// Keep a name under which an account wants its invoices.
    async fn keep_invoice_title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which account, which name")] input: KeepInvoiceTitleInput,
    ) -> Result<InvoiceTitlePayload> {
        let id = parse_id(&input.account_id, "accountId")?;
        let number = input.tax_number.as_deref();
        let kept = settings::keep_title(ctx.data()?, caller(ctx)?, id, &input.name, number);
        Ok(InvoiceTitlePayload { title: kept.await.graphql()?.into() })
    }
}
