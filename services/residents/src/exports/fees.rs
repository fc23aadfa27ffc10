//! Billing's sheets: asked of billing, named as the file names things.

use crate::{ResidentsError, parking::Space, structure::Unit};
use contracts::BuildingId;
use db::StorageError;
use ids::{EstateId, TenantId};
use roster::{FeeLink, FeePage, FeeRow, FeeSetting, FeeTarget};
use service_http::{Peer, Peers};
use std::collections::HashMap;
use uuid::Uuid;

/// The fees of an estate.
#[derive(Default)]
pub(super) struct Fees {
    pub(super) settings: Vec<FeeSetting>,
    rows: Vec<FeeRow>,
}

/// Asks billing for an estate's approved prices; nothing when billing is no part of the
/// installation.
pub(super) async fn read(
    peers: &Peers,
    company: TenantId,
    estate: EstateId,
) -> Result<Fees, ResidentsError> {
    let mut fees = Fees::default();
    let Some(billing) = peers.get("billing") else { return Ok(fees) };
    let mut after = None;
    loop {
        let page = page(billing, company, estate, after).await?;
        fees.settings.extend(page.settings);
        fees.rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(fees);
        }
    }
}

async fn page(
    billing: &Peer,
    company: TenantId,
    estate: EstateId,
    after: Option<Uuid>,
) -> Result<FeePage, ResidentsError> {
    let after = after.map(|id| format!("?after={id}")).unwrap_or_default();
    let answer = billing.get(&format!("/internal/fees/{company}/{estate}{after}")).await;
    let answer = answer.map_err(|_| ResidentsError::BillingAway)?;
    match answer.status() {
        http::StatusCode::OK => serde_json::from_slice(answer.body())
            .map_err(|error| StorageError::unreadable(error.to_string()).into()),
        // It has not heard of the estate yet.
        http::StatusCode::NOT_FOUND => {
            Ok(FeePage { settings: Vec::new(), rows: Vec::new(), next: None })
        }
        _ => Err(ResidentsError::BillingAway),
    }
}

impl Fees {
    /// The links in the words of the file, in an order that does not depend on ids.
    pub(super) fn links(
        &self,
        units: &[Unit],
        spaces: &[Space],
        buildings: &HashMap<BuildingId, String>,
    ) -> Vec<FeeLink> {
        let units: HashMap<Uuid, &Unit> = units.iter().map(|u| (u.id.as_uuid(), u)).collect();
        let spaces: HashMap<Uuid, &Space> = spaces.iter().map(|s| (s.id.as_uuid(), s)).collect();
        let named = |row: &FeeRow| {
            let target = if let Some(place) = row.place {
                match (units.get(&place), spaces.get(&place)) {
                    (Some(unit), _) => FeeTarget::Unit(super::write::unit_ref(unit)),
                    (None, Some(space)) => {
                        FeeTarget::Space { lot: space.lot.clone(), code: space.code.clone() }
                    }
                    (None, None) => return None,
                }
            } else {
                let building = match row.building {
                    Some(id) => Some(buildings.get(&BuildingId::from_uuid(id))?.clone()),
                    None => None,
                };
                FeeTarget::All { building, used_as: row.used_as }
            };
            let (fee, starts_on, ends_on) = (row.fee.clone(), row.starts_on, row.ends_on);
            Some(FeeLink { target, fee, starts_on, ends_on })
        };
        let mut links: Vec<FeeLink> = self.rows.iter().filter_map(named).collect();
        // Versions of one price stand in the order of their days, as they are approved.
        links.sort_by(|a, b| {
            (a.starts_on, &a.target, &a.fee).cmp(&(b.starts_on, &b.target, &b.fee))
        });
        links
    }
}
