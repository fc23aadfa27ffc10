//! Medians and percentiles.

/// Several measurements of one thing.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Notes one more.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    /// The middle one; of an even number the lower of the two, 0 of none.
    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The smallest, 0 of none.
    pub fn least(&self) -> f64 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The largest, 0 of none.
    pub fn most(&self) -> f64 {
        self.0.last().copied().unwrap_or_default()
    }

    /// The value that this share of all does not exceed.
    pub fn at(&self, share: f64) -> f64 {
        place(self.0.len(), share).map_or(0.0, |place| self.0[place])
    }

    /// `median (least–most)` with so many decimal places; the median alone when there is only one.
    pub fn words(&self, places: usize) -> String {
        let (median, least, most) = (self.median(), self.least(), self.most());
        if self.0.len() < 2 {
            return format!("{median:.places$}");
        }
        format!("{median:.places$} ({least:.places$}–{most:.places$})")
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut all: Vec<f64> = values.into_iter().collect();
        all.sort_by(f64::total_cmp);
        Self(all)
    }
}

/// Where in a sorted list of `len` the share stands.
fn place(len: usize, share: f64) -> Option<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    let rank = (share * len as f64).ceil() as usize;
    (len > 0).then(|| rank.clamp(1, len) - 1)
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let sample: Sample = (1..=100).map(f64::from).collect();
        assert_eq!((sample.median(), sample.at(0.99), sample.most()), (50.0, 99.0, 100.0));
        let mut few = Sample::default();
        assert_eq!(few.words(0), "0");
        few.add(3.0);
        assert_eq!(few.words(1), "3.0");
        few.add(1.0);
        assert_eq!(few.words(0), "1 (1–3)");
    }
}
