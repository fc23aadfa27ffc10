//! What a special service is and costs.

use crate::{partner_settlements::PartnerId, special_services::say};
use chrono::{NaiveDate, NaiveTime};
use errors::{Invalid, expected, input};
use money::Fen;
use serde::{Deserialize, Serialize};

/// The highest price: a million yuan.
pub(crate) const MAX_PRICE: Fen = Fen(100_000_000);
/// One whole, in basis points.
pub(crate) const WHOLE_BP: u32 = 10_000;
/// The most materials of a price list.
const MAX_MATERIALS: usize = 200;

/// How labour is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pricing {
    /// So much a piece.
    Fixed,
    /// So much for a worker's hour.
    Hourly,
}

/// A material with its list price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// A piece, in fen.
    pub price: Fen,
}

/// What a service costs and promises (handbook ch. 29, 37).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Its name in Chinese.
    pub name_zh: String,
    /// The same in English.
    pub name_en: String,
    /// What a piece is, e.g. `次`.
    pub unit: String,
    /// How labour is priced.
    pub pricing: Pricing,
    /// Labour a piece or a worker's hour, in fen.
    pub price: Fen,
    /// Materials with their prices.
    pub materials: Vec<Material>,
    /// Whether other materials may be quoted at their own list price.
    pub materials_at_list: bool,
    /// How long labour is under warranty, in days.
    pub warranty_days: u32,
    /// Whether it is like housekeeping: rework is free for 24 h, two hours at least, 15 minutes'
    /// tolerance.
    pub housekeeping: bool,
    /// What labour is multiplied by at night and on holidays, in millionths.
    pub surcharge: i64,
    /// When the night begins there.
    pub night_from: NaiveTime,
    /// When it ends.
    pub night_to: NaiveTime,
    /// What a package takes off labour, in basis points.
    pub package_discount: u32,
    /// Who does it instead of the company.
    pub partner: Option<PartnerId>,
    /// The partner's share of labour, in basis points.
    pub partner_share: u32,
    /// The code of billing's fee item.
    pub fee_item: String,
    /// Whether residents see it in the list.
    pub listed: bool,
    /// What cancelling later than 2 h before the appointment costs, in fen.
    pub late_cancel_fee: Fen,
}

/// Terms and from when they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Counted from 1.
    pub number: i32,
    /// The first day.
    pub from: NaiveDate,
    /// What it costs.
    pub terms: Terms,
}

impl Terms {
    /// Whether it is night at this time of day; the night may cross midnight.
    pub fn is_night(&self, at: NaiveTime) -> bool {
        if self.night_from <= self.night_to {
            self.night_from <= at && at < self.night_to
        } else {
            at >= self.night_from || at < self.night_to
        }
    }

    /// How many minutes before or after the appointment still keep it (handbook ch. 29: 30,
    /// ch. 37: 15).
    pub fn tolerance_minutes(&self) -> i64 {
        if self.housekeeping { 15 } else { 30 }
    }

    /// How many hours after the work rework is free.
    pub fn rework_hours(&self) -> i64 {
        if self.housekeeping { 24 } else { i64::from(self.warranty_days) * 24 }
    }

    /// Checks what people write.
    ///
    /// # Errors
    /// The field to blame.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        self.name_zh = input::text("nameZh", &self.name_zh, 60)?;
        self.name_en = input::text("nameEn", &self.name_en, 100)?;
        self.unit = input::text("unit", &self.unit, 20)?;
        self.fee_item = input::text("feeItemCode", &self.fee_item, 40)?;
        priced("labourPrice", self.price)?;
        priced("lateCancelFee", self.late_cancel_fee)?;
        if self.materials.len() > MAX_MATERIALS {
            return Err(Invalid::new("materials", expected::items(0, MAX_MATERIALS)));
        }
        for material in &mut self.materials {
            material.code = input::text("materials", &material.code, 32)?;
            material.name = input::text("materials", &material.name, 100)?;
            priced("materials", material.price)?;
        }
        let mut codes: Vec<&str> = self.materials.iter().map(|it| it.code.as_str()).collect();
        codes.sort_unstable();
        if codes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Invalid::new("materials", expected::unused()));
        }
        within("warrantyDays", i64::from(self.warranty_days), (0, 3_650))?;
        within("packageDiscountBp", i64::from(self.package_discount), (0, i64::from(WHOLE_BP)))?;
        within("partnerShareBp", i64::from(self.partner_share), (0, i64::from(WHOLE_BP)))?;
        if !(1_000_000..=10_000_000).contains(&self.surcharge) {
            return Err(Invalid::new("surchargeFactor", expected::between(1, 10)));
        }
        if self.partner.is_none() {
            self.partner_share = 0;
        }
        Ok(self)
    }
}

fn priced(field: &str, price: Fen) -> Result<(), Invalid> {
    if price.is_negative() || price > MAX_PRICE {
        return Err(Invalid::new(field, expected::between(0, MAX_PRICE.0 / 100)));
    }
    Ok(())
}

fn within(field: &str, value: i64, (least, most): (i64, i64)) -> Result<(), Invalid> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(field, expected::between(least, most)))
    }
}

/// A time of day like `20:00`.
///
/// # Errors
/// When it is none.
pub fn time_of_day(field: &str, text: &str) -> Result<NaiveTime, Invalid> {
    let time = NaiveTime::parse_from_str(text, "%H:%M");
    time.map_err(|_| Invalid::new(field, say::time_of_day()))
}

/// The terms that hold on a day: the latest that have begun, the last said among them.
pub fn on(all: &[Dated], day: NaiveDate) -> Option<&Dated> {
    all.iter().filter(|it| it.from <= day).max_by_key(|it| (it.from, it.number))
}

#[cfg(test)]
pub(crate) fn example() -> Terms {
    let time = |text| time_of_day("night", text).unwrap();
    Terms {
        name_zh: "换水龙头".to_owned(),
        name_en: "Tap change".to_owned(),
        unit: "次".to_owned(),
        pricing: Pricing::Fixed,
        price: Fen(3_000),
        materials: vec![Material {
            code: "TAP".to_owned(),
            name: "水龙头".to_owned(),
            price: Fen(6_800),
        }],
        materials_at_list: false,
        warranty_days: 30,
        housekeeping: false,
        surcharge: 1_500_000,
        night_from: time("20:00"),
        night_to: time("08:00"),
        package_discount: 500,
        partner: None,
        partner_share: 0,
        fee_item: "SPECIAL".to_owned(),
        listed: true,
        late_cancel_fee: Fen(2_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_crosses_midnight() {
        let terms = example();
        let night = |text| terms.is_night(time_of_day("at", text).unwrap());
        assert!(night("20:00") && night("20:30") && night("00:00") && night("07:59"));
        assert!(!night("19:59") && !night("08:00") && !night("12:00"));
        let day = Terms {
            night_from: time_of_day("at", "01:00").unwrap(),
            night_to: time_of_day("at", "05:00").unwrap(),
            ..example()
        };
        assert!(day.is_night(time_of_day("at", "01:00").unwrap()));
        assert!(!day.is_night(time_of_day("at", "05:00").unwrap()));
    }

    #[test]
    fn the_terms_of_a_day_are_the_latest_that_have_begun() {
        let dated =
            |number, from: &str| Dated { number, from: from.parse().unwrap(), terms: example() };
        let all = [dated(1, "2026-07-01"), dated(2, "2026-09-01"), dated(3, "2026-07-01")];
        let number = |day: &str| on(&all, day.parse().unwrap()).map(|it| it.number);
        assert_eq!(number("2026-06-30"), None);
        assert_eq!(number("2026-08-31"), Some(3));
        assert_eq!(number("2026-09-01"), Some(2));
    }

    #[test]
    fn wrong_terms_name_their_field() {
        let field = |terms: Terms| terms.checked().unwrap_err().field;
        assert_eq!(field(Terms { price: Fen(-1), ..example() }), "labourPrice");
        assert_eq!(field(Terms { package_discount: 10_001, ..example() }), "packageDiscountBp");
        assert_eq!(field(Terms { surcharge: 999_999, ..example() }), "surchargeFactor");
        let twice = vec![example().materials[0].clone(), example().materials[0].clone()];
        assert_eq!(field(Terms { materials: twice, ..example() }), "materials");
        assert_eq!(example().checked(), Ok(example()));
        assert_eq!(example().tolerance_minutes(), 30);
        assert_eq!(Terms { housekeeping: true, ..example() }.rework_hours(), 24);
    }
}
