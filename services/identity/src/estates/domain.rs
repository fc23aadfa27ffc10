//! What an estate's master data must be.

use crate::{check, say};
use chrono::NaiveDate;
use chrono_tz::Tz;
use errors::{Invalid, expected};
use money::Currency;

/// An estate's master data beside its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstateData {
    pub name: String,
    pub address: String,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// First day of the service contract.
    pub contract_from: Option<NaiveDate>,
    /// Its last day.
    pub contract_to: Option<NaiveDate>,
}

impl EstateData {
    /// The same, tidied; the first field that is wrong is named.
    pub fn checked(self) -> Result<Self, Invalid> {
        if self.time_zone.parse::<Tz>().is_err() {
            return Err(Invalid::new("timeZone", say::time_zone()));
        }
        if self.currency.parse::<Currency>().is_err() {
            return Err(Invalid::new("currency", say::currency()));
        }
        if let (Some(from), Some(to)) = (self.contract_from, self.contract_to)
            && to < from
        {
            return Err(Invalid::new("contractTo", expected::not_before("contractFrom")));
        }
        Ok(Self {
            name: check::text("name", &self.name, 100)?,
            address: check::text("address", &self.address, 200)?,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> EstateData {
        EstateData {
            name: " 翡翠湖畔花园 ".to_owned(),
            address: "合肥".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            currency: "CNY".to_owned(),
            contract_from: NaiveDate::from_ymd_opt(2025, 7, 1),
            contract_to: NaiveDate::from_ymd_opt(2028, 6, 30),
        }
    }

    fn wrong(change: impl FnOnce(&mut EstateData)) -> String {
        let mut data = data();
        change(&mut data);
        data.checked().unwrap_err().field
    }

    #[test]
    fn the_wrong_field_is_named() {
        assert_eq!(data().checked().unwrap().name, "翡翠湖畔花园");
        assert_eq!(wrong(|d| d.name = String::new()), "name");
        assert_eq!(wrong(|d| d.address = " ".to_owned()), "address");
        assert_eq!(wrong(|d| d.time_zone = "Hefei".to_owned()), "timeZone");
        assert_eq!(wrong(|d| d.currency = "yuan".to_owned()), "currency");
        assert_eq!(wrong(|d| d.contract_to = NaiveDate::from_ymd_opt(2025, 6, 30)), "contractTo");
    }
}
