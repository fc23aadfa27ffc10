//! The price list in the graph.

use super::{
    domain::{self, Dated, Material, Pricing, Terms, time_of_day},
    repo::{self, Service},
    save::{SaveService, save},
};
use crate::{
    Refused,
    charges::graphql::fen,
    graphql::EstateNode,
    homes,
    partner_settlements::SETTLEMENT_READ,
    special_services::{SERVICE_READ, ServiceId},
};
use ::graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, RateScalar, caller, connection, parse_id,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::NaiveDate;
use db::Db;
use ids::EstateId;
use money::Rate;
use rust_decimal::Decimal;

/// How labour of a special service is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Pricing")]
pub(crate) enum LabourPricing {
    /// So much a piece.
    Fixed,
    /// So much for a worker's hour.
    Hourly,
}

/// A material with its list price.
#[derive(Clone, SimpleObject)]
pub(crate) struct SpecialServiceMaterial {
    /// Its code.
    code: String,
    /// What it is called.
    name: String,
    /// A piece.
    price: Money,
}

/// What a special service costs and promises from a day on.
#[derive(Clone, SimpleObject)]
pub(crate) struct SpecialServiceTerms {
    /// The first day.
    effective_from: NaiveDate,
    /// Its name in Chinese.
    name_zh: String,
    /// Its name in English.
    name_en: String,
    /// What a piece is, e.g. `次`.
    unit: String,
    /// How labour is priced.
    pricing: LabourPricing,
    /// Labour, a piece or a worker's hour.
    labour_price: Money,
    /// Materials with their prices.
    materials: Vec<SpecialServiceMaterial>,
    /// Whether other materials may be quoted at their own list price.
    materials_at_list: bool,
    /// How long labour is under warranty.
    warranty_days: i32,
    /// Whether it is like housekeeping: rework is free for 24 hours, two hours at least.
    housekeeping: bool,
    /// What labour is multiplied by at night and on holidays.
    surcharge_factor: RateScalar,
    /// When the night begins, e.g. `20:00`.
    night_from: String,
    /// When it ends.
    night_to: String,
    /// What a package takes off labour, in basis points.
    package_discount_bp: i32,
    /// What cancelling less than 2 hours before the appointment costs.
    late_cancel_fee: Money,
    /// Whether residents see it.
    listed: bool,
    /// Billing's fee item; for who sees settlements.
    fee_item_code: Option<String>,
    /// Who does it instead of the company, `spt_…`; for who sees settlements.
    partner_id: Option<ID>,
    /// The partner's share of labour in basis points; for who sees settlements.
    partner_share_bp: Option<i32>,
}

impl SpecialServiceTerms {
    fn new(dated: &Dated, inside: bool) -> Self {
        let terms = dated.terms.clone();
        let material = |it: Material| SpecialServiceMaterial {
            code: it.code,
            name: it.name,
            price: Money::cny(it.price),
        };
        let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        Self {
            effective_from: dated.from,
            name_zh: terms.name_zh,
            name_en: terms.name_en,
            unit: terms.unit,
            pricing: terms.pricing.into(),
            labour_price: Money::cny(terms.price),
            materials: terms.materials.into_iter().map(material).collect(),
            materials_at_list: terms.materials_at_list,
            warranty_days: count(terms.warranty_days),
            housekeeping: terms.housekeeping,
            surcharge_factor: RateScalar(Rate(terms.surcharge)),
            night_from: terms.night_from.format("%H:%M").to_string(),
            night_to: terms.night_to.format("%H:%M").to_string(),
            package_discount_bp: count(terms.package_discount),
            late_cancel_fee: Money::cny(terms.late_cancel_fee),
            listed: terms.listed,
            fee_item_code: inside.then_some(terms.fee_item),
            partner_id: terms.partner.filter(|_| inside).map(|id| id.to_string().into()),
            partner_share_bp: inside.then(|| count(terms.partner_share)),
        }
    }
}

/// A special service that can be ordered (特约服务项目).
#[derive(Clone, SimpleObject)]
#[graphql(name = "SpecialService")]
pub(crate) struct ServiceNode {
    /// Its id, `ssi_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// Its code in the estate.
    code: String,
    /// Counts every change.
    version: i32,
    /// What holds today; nothing before the first day.
    terms: Option<SpecialServiceTerms>,
    /// What will hold later, for staff.
    coming: Vec<SpecialServiceTerms>,
}

impl ServiceNode {
    /// A service as it is seen today, by residents (`outside`) without what only staff needs.
    fn new(service: &Service, today: NaiveDate, (inside, outside): (bool, bool)) -> Self {
        let now = domain::on(&service.terms, today);
        let later = service.terms.iter().filter(|it| it.from > today && !outside);
        Self {
            id: service.id.to_string().into(),
            estate: EstateNode::new(service.estate),
            code: service.code.clone(),
            version: service.version,
            terms: now.map(|dated| SpecialServiceTerms::new(dated, inside)),
            coming: later.map(|dated| SpecialServiceTerms::new(dated, inside)).collect(),
        }
    }
}

/// A material of the price list.
#[derive(InputObject)]
pub(crate) struct SpecialServiceMaterialInput {
    /// Its code, 1 to 32 characters.
    code: String,
    /// What it is called, 1 to 100 characters.
    name: String,
    /// A piece, in yuan.
    price: Decimal,
}

/// What a special service costs from a day on.
#[derive(InputObject)]
pub(crate) struct SaveSpecialServiceInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The service, `ssi_…`; a new one when left out.
    service_id: Option<ID>,
    /// The version that was read; needed with `serviceId`.
    expected_version: Option<i32>,
    /// Its code in the estate, 1 to 32 characters; stays as it is with `serviceId`.
    code: String,
    /// The first day, today or later.
    effective_from: NaiveDate,
    /// Its name in Chinese, 1 to 60 characters.
    name_zh: String,
    /// Its name in English, 1 to 100 characters.
    name_en: String,
    /// What a piece is, 1 to 20 characters.
    unit: String,
    /// How labour is priced.
    pricing: LabourPricing,
    /// Labour in yuan, a piece or a worker's hour.
    labour_price: Decimal,
    /// Materials with their prices, at most 200.
    #[graphql(default)]
    materials: Vec<SpecialServiceMaterialInput>,
    /// Whether other materials may be quoted at their own list price.
    #[graphql(default)]
    materials_at_list: bool,
    /// How long labour is under warranty, 0 to 3650 days.
    #[graphql(default = 30)]
    warranty_days: u32,
    /// Whether it is like housekeeping.
    #[graphql(default)]
    housekeeping: bool,
    /// What labour is multiplied by at night and on holidays, 1 to 10; 1.5 when left out.
    surcharge_factor: Option<RateScalar>,
    /// When the night begins; 20:00 when left out.
    #[graphql(default = "20:00")]
    night_from: String,
    /// When it ends; 08:00 when left out.
    #[graphql(default = "08:00")]
    night_to: String,
    /// What a package takes off labour, in basis points.
    #[graphql(default)]
    package_discount_bp: u32,
    /// Who does it instead of the company, `spt_…`.
    partner_id: Option<ID>,
    /// The partner's share of labour in basis points.
    #[graphql(default)]
    partner_share_bp: u32,
    /// The code of billing's fee item.
    fee_item_code: String,
    /// Whether residents see it.
    listed: bool,
    /// What cancelling less than 2 hours before the appointment costs, in yuan.
    late_cancel_fee: Option<Decimal>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

impl SaveSpecialServiceInput {
    fn terms(&self) -> Result<Terms> {
        let materials = self.materials.iter().map(|it| {
            let price = fen(it.price, "materials")?;
            Ok(Material { code: it.code.clone(), name: it.name.clone(), price })
        });
        Ok(Terms {
            name_zh: self.name_zh.clone(),
            name_en: self.name_en.clone(),
            unit: self.unit.clone(),
            pricing: self.pricing.into(),
            price: fen(self.labour_price, "labourPrice")?,
            materials: materials.collect::<Result<_>>()?,
            materials_at_list: self.materials_at_list,
            warranty_days: self.warranty_days,
            housekeeping: self.housekeeping,
            surcharge: self.surcharge_factor.map_or(1_500_000, |factor| factor.0.0),
            night_from: time_of_day("nightFrom", &self.night_from).graphql()?,
            night_to: time_of_day("nightTo", &self.night_to).graphql()?,
            package_discount: self.package_discount_bp,
            partner: self.partner_id.as_ref().map(|id| parse_id(id, "partnerId")).transpose()?,
            partner_share: self.partner_share_bp,
            fee_item: self.fee_item_code.clone(),
            listed: self.listed,
            late_cancel_fee: fen(self.late_cancel_fee.unwrap_or_default(), "lateCancelFee")?,
        })
    }
}

/// The service after an act.
#[derive(SimpleObject)]
pub(crate) struct SpecialServicePayload {
    /// The service.
    special_service: ServiceNode,
}

/// Queries on the price list.
#[derive(Default)]
pub(crate) struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// One special service; residents see those that are listed.
    async fn special_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service, `ssi_…`")] id: ID,
    ) -> Result<Option<ServiceNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The special services of an estate; residents see those that are listed and have a price.
    async fn special_services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ServiceNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let nodes = listed(ctx.data()?, caller(ctx)?, estate, &page).await.graphql()?;
        let built = connection(&page, nodes, |it| it.0.to_string(), |it| it.1);
        Ok(Some(visible(built)))
    }
}

/// Takes out what residents do not see; the pages keep their places.
fn visible(mut all: Connection<Cursor, Option<ServiceNode>>) -> Connection<Cursor, ServiceNode> {
    let mut seen = Connection::new(all.has_previous_page, all.has_next_page);
    let edges = all.edges.drain(..).filter_map(|edge| {
        let node = edge.node?;
        Some(async_graphql::connection::Edge::new(edge.cursor, node))
    });
    seen.edges.extend(edges);
    seen
}

/// Mutations on the price list.
#[derive(Default)]
pub(crate) struct ServiceMutation;

#[Object]
impl ServiceMutation {
    /// Say what a special service costs from a day on; quoted orders keep their price.
    async fn save_special_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it costs")] input: SaveSpecialServiceInput,
    ) -> Result<SpecialServicePayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = input.service_id.as_ref().map(|id| parse_id(id, "serviceId")).transpose()?;
        let command = SaveService {
            estate: parse_id(&input.estate_id, "estateId")?,
            existing: id.map(|id| (id, input.expected_version.unwrap_or_default())),
            terms: input.terms()?,
            code: input.code,
            from: input.effective_from,
        };
        let id = save(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        let special_service = node(ctx.data()?, caller(ctx)?, id).await.graphql()?;
        Ok(SpecialServicePayload { special_service })
    }
}

/// A service the caller may see.
async fn node(db: &Db, caller: &Caller, id: ServiceId) -> Result<ServiceNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let service = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(SERVICE_READ, service.estate)?;
    let outside = right.own_person().is_some();
    let inside = caller.read(SETTLEMENT_READ, service.estate).is_ok();
    let today = homes::of_right(&scope, &right).await?.today(&scope);
    if outside && !offered(&service, today) {
        return Err(Refused::not_found());
    }
    Ok(ServiceNode::new(&service, today, (inside, outside)))
}

/// Whether residents can order it on this day.
fn offered(service: &Service, day: NaiveDate) -> bool {
    domain::on(&service.terms, day).is_some_and(|dated| dated.terms.listed)
}

async fn listed(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    page: &PageArgs,
) -> Result<Vec<(ServiceId, Option<ServiceNode>)>, Refused> {
    let right = caller.read(SERVICE_READ, estate)?;
    let outside = right.own_person().is_some();
    let inside = caller.read(SETTLEMENT_READ, estate).is_ok();
    let scope = db.read(caller.tenant()).await?;
    let today = homes::of_right(&scope, &right).await?.today(&scope);
    let found = repo::page(&scope, estate, page).await?;
    let node = |service: &Service| {
        let seen = !outside || offered(service, today);
        let node = seen.then(|| ServiceNode::new(service, today, (inside, outside)));
        (service.id, node)
    };
    Ok(found.iter().map(node).collect())
}
