//! Which language a person reads.

/// A language the platform speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Chinese, also for whoever asks for nothing we have.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The best of ours by an `Accept-Language` header (RFC 9110 section 12.5.4); the first of
    /// equals.
    pub fn accepted(header: Option<&str>) -> Self {
        let ranges = header.unwrap_or_default().split(',').filter_map(range);
        let best = ranges.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(language, _)| language).unwrap_or_default()
    }
}

/// One range we can speak, with its weight in thousandths; `None` for any other.
fn range(text: &str) -> Option<(Language, u32)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
    let language = match primary.as_str() {
        "zh" | "*" => Language::Zh,
        "en" => Language::En,
        _ => return None,
    };
    let weight = thousandths(weight.trim().strip_prefix("q=")?)?;
    (weight > 0).then_some((language, weight))
}

/// `1`, `0.8` or `0.375` in thousandths.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let number = format!("{whole}{places:0<3}");
    let fits = places.len() <= 3 && number.len() == 4;
    number.parse().ok().filter(|weight| fits && *weight <= 1_000)
}
