//! Taking fee settings: a fee item for each, and what its code stands for.

use super::{FeeImport, repo, repo::KnownSetting};
use crate::{
    charges::{BillingMonth, Formula, Proration},
    error::Refused,
    estates,
    fees::{self, FeeItem, FeeKind},
    ids::FeeItemId,
};
use authz::Denied;
use db::TenantScope;
use roster::{FeeSetting, FeeType, Located};

/// Enters the items that are missing, renames those that are known, and remembers the codes.
/// Answers how many items the settings name. The estate's cut-over is set if it had none.
pub(super) async fn take(
    scope: &TenantScope,
    import: &FeeImport,
    settings: &[Located<FeeSetting>],
) -> Result<i64, Refused> {
    let estate = estates::lock(scope, import.estate).await?.ok_or(Denied::Hidden)?;
    if estate.cut_over.is_none() {
        let month = BillingMonth::of(import.cut_over)?;
        estates::set_cut_over(scope, estate.id, month).await?;
    }
    let mut known = Vec::with_capacity(settings.len());
    let mut items = std::collections::HashSet::new();
    for found in settings {
        let setting = &found.record;
        let item = item(scope, import, setting).await?;
        items.insert(item);
        known.push((
            setting.code.clone(),
            KnownSetting {
                item,
                formula: formula(setting.formula),
                proration: setting.proration.map_or(Proration::default(), proration),
                from: setting.starts_on,
                to: setting.ends_on,
            },
        ));
    }
    repo::keep_settings(scope, import.estate, &known).await?;
    Ok(i64::try_from(items.len()).unwrap_or(i64::MAX))
}

async fn item(
    scope: &TenantScope,
    import: &FeeImport,
    setting: &FeeSetting,
) -> Result<FeeItemId, Refused> {
    let code = setting.item_code();
    let name_en = setting.name_en.as_ref().unwrap_or(&setting.name);
    if let Some(known) = fees::item_by_code(scope, import.estate, &code).await? {
        let renamed = FeeItem {
            name_zh: setting.name.clone(),
            name_en: setting.name_en.clone().unwrap_or_else(|| known.name_en.clone()),
            ..known.clone()
        };
        if renamed != known {
            fees::repo::rename_item(scope, &renamed.clone().checked()?).await?;
        }
        return Ok(known.id);
    }
    let partner = match &setting.partner {
        Some(name) => Some(fees::repo::partner_named(scope, import.estate, name).await?),
        None => None,
    };
    let new = FeeItem {
        id: FeeItemId::from_uuid(scope.new_id()),
        estate: import.estate,
        code,
        name_zh: setting.name.clone(),
        name_en: name_en.clone(),
        kind: kind(setting.known_type()),
        partner,
    };
    let new = new.checked()?;
    fees::repo::insert_item(scope, &new).await?;
    Ok(new.id)
}

const fn formula(written: roster::Formula) -> Formula {
    match written {
        roster::Formula::Area { price, surcharge } => Formula::AreaRate { rate: price, surcharge },
        roster::Formula::Fixed(price) => Formula::FixedPerUnit { price },
        roster::Formula::Space(price) => Formula::PerParkingSpace { price },
    }
}

/// The formula as a file writes it; files have no price of what a meter counts.
pub(super) const fn written(formula: Formula) -> Option<roster::Formula> {
    Some(match formula {
        Formula::AreaRate { rate, surcharge } => roster::Formula::Area { price: rate, surcharge },
        Formula::FixedPerUnit { price } => roster::Formula::Fixed(price),
        Formula::PerParkingSpace { price } => roster::Formula::Space(price),
        Formula::Metered { .. } => return None,
    })
}

/// Prorations as files and as billing name them.
pub(super) const PRORATIONS: [(roster::Proration, Proration); 4] = [
    (roster::Proration::ActualDays, Proration::ActualDays),
    (roster::Proration::HalfMonth, Proration::HalfMonth),
    (roster::Proration::FullMonth, Proration::FullMonth),
    (roster::Proration::Fixed30, Proration::Fixed30),
];

fn proration(written: roster::Proration) -> Proration {
    let found = PRORATIONS.iter().find(|(word, _)| *word == written);
    found.map_or(Proration::default(), |(_, ours)| *ours)
}

/// Kinds of fees as files and as billing name them.
pub(super) const KINDS: [(FeeType, FeeKind); 9] = [
    (FeeType::PropertyFee, FeeKind::PropertyFee),
    (FeeType::Parking, FeeKind::Parking),
    (FeeType::CommonParking, FeeKind::CommonParking),
    (FeeType::PassThrough, FeeKind::PassThrough),
    (FeeType::SharedEnergy, FeeKind::SharedEnergy),
    (FeeType::Rubbish, FeeKind::Rubbish),
    (FeeType::SpecialService, FeeKind::SpecialService),
    (FeeType::LateFee, FeeKind::LateFee),
    (FeeType::Other, FeeKind::Other),
];

fn kind(written: FeeType) -> FeeKind {
    let found = KINDS.iter().find(|(word, _)| *word == written);
    found.map_or(FeeKind::Other, |(_, ours)| *ours)
}
