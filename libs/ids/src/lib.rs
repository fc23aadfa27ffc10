//! Identifiers: one type per thing, its kind visible in its text (`unt_0190…`).
//!
//! The macro and the two ids every service needs live here; every other id is declared by the
//! service that owns the noun, ids that travel in events by `contracts`.

/// The text given is not an identifier of the expected kind.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected an identifier that starts with `{expected}_`")]
pub struct IdError {
    /// The prefix the text should have had, without the underscore.
    pub expected: &'static str,
}

#[doc(hidden)]
pub use {serde, uuid};

/// Declares a UUID-backed identifier with a public prefix, e.g. `unt_0190…`.
///
/// The text form is the prefix, an underscore and 32 lower-case hex digits; serde uses it too.
#[macro_export]
macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($crate::uuid::Uuid);

        impl $name {
            /// What the text form starts with, without the underscore.
            pub const PREFIX: &'static str = $prefix;
            /// Wraps a raw UUID, e.g. one read from a row.
            pub const fn from_uuid(id: $crate::uuid::Uuid) -> Self {
                Self(id)
            }
            /// The raw UUID, e.g. to write to a row.
            pub const fn as_uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}_{}", Self::PREFIX, self.0.simple())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::IdError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.strip_prefix(Self::PREFIX)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .filter(|rest| rest.len() == 32)
                    .and_then(|rest| $crate::uuid::Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or($crate::IdError { expected: Self::PREFIX })
            }
        }

        impl From<$name> for $crate::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::serde::Deserialize>::deserialize(d)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }
    };
}

prefixed_id!(
    /// One property company (物业公司): the tenant of the platform.
    TenantId, "cmp");
prefixed_id!(
    /// One managed property (项目/小区): the scope of roles inside a company.
    EstateId, "est");

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_id_reads_back_from_its_text() {
        let id = EstateId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "est_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn another_kind_of_id_is_refused() {
        let company = TenantId::from_uuid(Uuid::from_u128(7)).to_string();
        assert_eq!(company.parse::<EstateId>(), Err(IdError { expected: "est" }));
        assert!("est_7".parse::<EstateId>().is_err());
        assert!("est_{00000000-0000-0000-0000-000000000007}".parse::<EstateId>().is_err());
    }
}
