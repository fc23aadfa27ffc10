//! Form-encoded parameters in Stripe's bracket notation, kept flat: `line_items[0][quantity]`.

use std::collections::BTreeMap;

/// The decoded parameters of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Decodes a query string or a form body.
    pub fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value of exactly this key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The members of a map, e.g. `metadata`.
    pub fn map(&self, key: &str) -> BTreeMap<String, String> {
        let member = |name: &str| {
            let rest = name.strip_prefix(key)?.strip_prefix('[')?.strip_suffix(']')?;
            Some(rest.to_owned())
        };
        self.0.iter().filter_map(|(name, value)| Some((member(name)?, value.clone()))).collect()
    }

    /// The members of a list, `key[]` or `key[0]`, in the order sent.
    pub fn list(&self, key: &str) -> Vec<String> {
        let is_member = |name: &str| {
            name.strip_prefix(key)
                .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'))
                .is_some_and(|index| index.bytes().all(|b| b.is_ascii_digit()))
        };
        self.0.iter().filter(|(name, _)| is_member(name)).map(|(_, value)| value.clone()).collect()
    }

    /// A text that is the same for the same parameters in any order.
    pub fn fingerprint(&self) -> String {
        let mut sorted = self.0.clone();
        sorted.sort();
        serde_json::to_string(&sorted).expect("pairs of text are JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_name_maps_and_lists() {
        let params =
            Params::parse(b"a=1&metadata[k]=v%20w&expand[0]=x&expand[1]=y&t[]=z&expand[0][n]=q");
        assert_eq!(params.get("a"), Some("1"));
        assert_eq!(params.map("metadata").get("k").unwrap(), "v w");
        assert_eq!(params.list("expand"), ["x", "y"]);
        assert_eq!(params.list("t"), ["z"]);
    }

    #[test]
    fn the_fingerprint_ignores_the_order() {
        let (a, b, c) =
            (Params::parse(b"x=1&y=2"), Params::parse(b"y=2&x=1"), Params::parse(b"x=2&y=1"));
        assert_eq!(a.fingerprint(), b.fingerprint());
        assert_ne!(a.fingerprint(), c.fingerprint());
    }
}
