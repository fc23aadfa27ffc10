//! What an order costs: exact arithmetic, each line rounded half-up once (handbook 0.3, R2).

use crate::special_services::{
    catalogue::domain::{Material, Pricing, Terms, WHOLE_BP},
    say,
};
use chrono::{DateTime, Utc};
use errors::{Invalid, expected, input};
use money::{Fen, round_half_up};
use serde::{Deserialize, Serialize};
use texts::Text;

/// A material as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MaterialAsk {
    /// Its code in the price list, or what it is called.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// A piece, where it is not in the price list.
    pub price: Option<Fen>,
}

/// What shall be done, to be priced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Work {
    /// When.
    pub appointment: DateTime<Utc>,
    /// How many workers, for an hourly price.
    pub workers: u32,
    /// How long, for an hourly price.
    pub minutes: u32,
    /// How many pieces, for a fixed price.
    pub quantity: u32,
    /// Whether it is sold as a package.
    pub package: bool,
    /// With what.
    pub materials: Vec<MaterialAsk>,
}

/// One line of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Line {
    /// Labour by the piece.
    Fixed { price: Fen, quantity: u32, factor: i64, amount: Fen },
    /// Labour by the hour.
    Hourly { price: Fen, workers: u32, minutes: u32, factor: i64, amount: Fen },
    /// What a package takes off labour; below zero.
    Discount { bp: u32, amount: Fen },
    /// Material.
    Material { name: String, price: Fen, quantity: u32, amount: Fen },
}

/// A priced order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quote {
    /// When it shall be done.
    pub appointment: DateTime<Utc>,
    /// Whether that is at night.
    pub night: bool,
    /// Whether that is on a holiday.
    pub holiday: bool,
    /// What it is made of.
    pub lines: Vec<Line>,
}

/// One whole, in millionths.
const ONE: i64 = 1_000_000;

impl Quote {
    /// All of it.
    pub(crate) fn total(&self) -> Fen {
        self.lines.iter().map(Line::amount).sum()
    }

    /// Labour, the discount deducted: what a partner has a share of (handbook ch. 37: the company
    /// settles after materials).
    pub(crate) fn labour(&self) -> Fen {
        let labour = self.lines.iter().filter(|line| !matches!(line, Line::Material { .. }));
        labour.map(Line::amount).sum()
    }
}

/// A share of labour, rounded once.
pub(crate) fn share(labour: Fen, share_bp: u32) -> Fen {
    Fen(round_half_up(i128::from(labour.0) * i128::from(share_bp), i128::from(WHOLE_BP)))
}

impl Line {
    /// How much.
    pub(crate) fn amount(&self) -> Fen {
        match self {
            Self::Fixed { amount, .. }
            | Self::Hourly { amount, .. }
            | Self::Discount { amount, .. }
            | Self::Material { amount, .. } => *amount,
        }
    }

    /// How it was reckoned.
    pub(crate) fn explain(&self) -> Text {
        match self {
            Self::Fixed { price, quantity, factor: ONE, amount } => {
                say::labour_fixed(*price, *quantity, *amount)
            }
            Self::Fixed { price, quantity, factor, amount } => {
                let factor = decimal(*factor, ONE);
                say::labour_fixed_surcharged(*price, *quantity, factor, *amount)
            }
            Self::Hourly { price, workers, minutes, factor: ONE, amount } => {
                say::labour_hourly(*workers, hours(*minutes), *price, *amount)
            }
            Self::Hourly { price, workers, minutes, factor, amount } => {
                let factor = decimal(*factor, ONE);
                say::labour_hourly_surcharged(*workers, hours(*minutes), *price, factor, *amount)
            }
            Self::Discount { bp, amount } => {
                say::package_discount(decimal(i64::from(*bp), 100), *amount)
            }
            Self::Material { name, price, quantity, amount } => {
                say::material(name, *price, *quantity, *amount)
            }
        }
    }
}

/// Hours as people read them: `3`, `2.5`, `2:20`.
fn hours(minutes: u32) -> String {
    match minutes % 60 {
        0 => (minutes / 60).to_string(),
        30 => format!("{}.5", minutes / 60),
        rest => format!("{}:{rest:02}", minutes / 60),
    }
}

/// A scaled number without idle zeros: `1.5`, `5`.
fn decimal(value: i64, scale: i64) -> String {
    let places = scale.ilog10() as usize;
    let text = format!("{}.{:0places$}", value / scale, value % scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Prices work by these terms. At night and on holidays labour is multiplied once.
///
/// # Errors
/// The field to blame.
pub(crate) fn quote(
    terms: &Terms,
    work: &Work,
    (night, holiday): (bool, bool),
) -> Result<Quote, Invalid> {
    let factor = if night || holiday { terms.surcharge } else { ONE };
    let mut lines = labour(terms, work, factor)?;
    if work.materials.len() > 100 {
        return Err(Invalid::new("materials", expected::items(0, 100)));
    }
    for ask in &work.materials {
        lines.push(material(terms, ask)?);
    }
    Ok(Quote { appointment: work.appointment, night, holiday, lines })
}

/// Labour and what a package takes off it. Both together are rounded once: the discount is what
/// lies between labour without and with it.
fn labour(terms: &Terms, work: &Work, factor: i64) -> Result<Vec<Line>, Invalid> {
    let price = terms.price;
    let (units, parts) = match terms.pricing {
        Pricing::Fixed => {
            within("quantity", work.quantity, (1, 1_000))?;
            (i128::from(work.quantity), 1)
        }
        Pricing::Hourly => {
            within("workers", work.workers, (1, 50))?;
            let least = if terms.housekeeping { 120 } else { 15 };
            within("minutes", work.minutes, (least, 6_000))?;
            (i128::from(work.workers) * i128::from(work.minutes), 60)
        }
    };
    let exact = i128::from(price.0) * units * i128::from(factor);
    let whole = i128::from(ONE) * parts;
    let amount = Fen(round_half_up(exact, whole));
    let mut lines = vec![match terms.pricing {
        Pricing::Fixed => Line::Fixed { price, quantity: work.quantity, factor, amount },
        Pricing::Hourly => {
            let (workers, minutes) = (work.workers, work.minutes);
            Line::Hourly { price, workers, minutes, factor, amount }
        }
    }];
    if work.package && terms.package_discount > 0 {
        let bp = terms.package_discount;
        let left = i128::from(WHOLE_BP - bp);
        let net = Fen(round_half_up(exact * left, whole * i128::from(WHOLE_BP)));
        lines.push(Line::Discount { bp, amount: net - amount });
    }
    Ok(lines)
}

/// A material at the price of the list, or at its own where the service allows it.
fn material(terms: &Terms, ask: &MaterialAsk) -> Result<Line, Invalid> {
    within("materials", ask.quantity, (1, 1_000))?;
    let listed: Option<&Material> = terms.materials.iter().find(|it| it.code == ask.name);
    let (name, price) = match (listed, ask.price) {
        (Some(listed), None) => (listed.name.clone(), listed.price),
        (None, Some(price)) if terms.materials_at_list => {
            if price.is_negative() || price > crate::special_services::catalogue::domain::MAX_PRICE
            {
                return Err(Invalid::new("materials", expected::not_negative()));
            }
            (input::text("materials", &ask.name, 100)?, price)
        }
        _ => return Err(Invalid::new("materials", expected::existing())),
    };
    let amount = Fen(price.0 * i64::from(ask.quantity));
    Ok(Line::Material { name, price, quantity: ask.quantity, amount })
}

fn within(field: &str, value: u32, (least, most): (u32, u32)) -> Result<(), Invalid> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(field, expected::between(least.into(), most.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special_services::catalogue::domain::example;
    use proptest::prelude::*;
    use texts::Language;

    fn work() -> Work {
        Work {
            appointment: "2026-07-31T12:30:00Z".parse().unwrap(),
            workers: 1,
            minutes: 60,
            quantity: 1,
            package: false,
            materials: Vec::new(),
        }
    }

    fn housekeeping() -> Terms {
        Terms { pricing: Pricing::Hourly, price: Fen(4_500), housekeeping: true, ..example() }
    }

    #[test]
    fn scenario_10_a_tap_at_night() {
        let tap = MaterialAsk { name: "TAP".to_owned(), quantity: 1, price: None };
        let asked = Work { materials: vec![tap], ..work() };
        let quote = quote(&example(), &asked, (true, false)).unwrap();
        let amounts: Vec<Fen> = quote.lines.iter().map(Line::amount).collect();
        assert_eq!(amounts, [Fen(4_500), Fen(6_800)]);
        assert_eq!(quote.total(), Fen(11_300));
        let said = quote.lines[0].explain();
        assert_eq!(said.say(Language::En), "labour 30.00 × 1 × 1.5 (night or holiday) = 45.00");
    }

    #[test]
    fn scenario_10_two_cleaners_for_three_hours_as_a_package() {
        let asked = Work { workers: 2, minutes: 180, package: true, ..work() };
        let quote = quote(&housekeeping(), &asked, (false, false)).unwrap();
        let amounts: Vec<Fen> = quote.lines.iter().map(Line::amount).collect();
        assert_eq!(amounts, [Fen(27_000), Fen(-1_350)]);
        assert_eq!(quote.total(), Fen(25_650));
        assert_eq!(share(quote.labour(), 8_000), Fen(20_520));
        assert_eq!(quote.total() - share(quote.labour(), 8_000), Fen(5_130));
        let said = |at: usize| quote.lines[at].explain().say(Language::En);
        assert_eq!(said(0), "2 workers × 3 h × 45.00 = 270.00");
        assert_eq!(said(1), "package discount of 5 % on labour: -13.50");
    }

    #[test]
    fn what_cannot_be_priced_names_its_field() {
        let field =
            |terms: &Terms, work: &Work| quote(terms, work, (false, false)).unwrap_err().field;
        assert_eq!(field(&housekeeping(), &Work { minutes: 60, ..work() }), "minutes");
        assert_eq!(field(&housekeeping(), &Work { workers: 0, minutes: 120, ..work() }), "workers");
        assert_eq!(field(&example(), &Work { quantity: 0, ..work() }), "quantity");
        let other = MaterialAsk { name: "垫圈".to_owned(), quantity: 2, price: Some(Fen(150)) };
        let asked = Work { materials: vec![other], ..work() };
        assert_eq!(field(&example(), &asked), "materials");
        let at_list = Terms { materials_at_list: true, ..example() };
        assert_eq!(quote(&at_list, &asked, (false, false)).unwrap().total(), Fen(3_300));
    }

    proptest! {
        #[test]
        fn labour_is_off_by_at_most_half_a_fen(
            price in 0_i64..10_000_000, workers in 1_u32..50, minutes in 120_u32..6_000,
            factor in 1_000_000_i64..10_000_000, bp in 0_u32..=10_000, night in any::<bool>(),
        ) {
            let terms = Terms { price: Fen(price), surcharge: factor, package_discount: bp, ..housekeeping() };
            let asked = Work { workers, minutes, package: true, ..work() };
            let quote = quote(&terms, &asked, (night, false)).unwrap();
            let factor = if night { factor } else { ONE };
            let exact = i128::from(price) * i128::from(workers) * i128::from(minutes)
                * i128::from(factor) * i128::from(10_000 - bp);
            let scale = 60 * 1_000_000 * 10_000;
            prop_assert!((i128::from(quote.labour().0) * scale - exact).abs() * 2 <= scale);
            prop_assert_eq!(quote.total(), quote.labour());
        }

        #[test]
        fn partner_and_company_share_every_fen(
            price in 1_i64..1_000_000, quantity in 1_u32..100, share in 0_u32..=10_000,
        ) {
            let terms = Terms { price: Fen(price), ..example() };
            let quote = quote(&terms, &Work { quantity, ..work() }, (false, false)).unwrap();
            let partner = super::share(quote.labour(), share);
            let company = quote.labour() - partner;
            prop_assert!(!partner.is_negative() && !company.is_negative());
        }
    }
}
