//! From a failure to a GraphQL error; the only place that does it.

use async_graphql::{Error, ErrorExtensions as _};
use errors::{Code, Coded, chain};

/// Turns a failure into a GraphQL error with its code, field and waiting time in the extensions.
///
/// A failure whose code is not public is logged once, here, and answered with a fixed sentence.
pub fn to_graphql<E: Coded>(failure: E) -> Error {
    let code = failure.code();
    let text = if code.is_public() {
        failure.to_string()
    } else {
        tracing::error!(error.code = code.as_str(), "request failed: {}", chain(&failure));
        masked(code).to_owned()
    };
    Error::new(text).extend_with(|_, extensions| {
        extensions.set("code", code.as_str());
        if let Some(field) = failure.field() {
            extensions.set("field", field);
        }
        if let Some(seconds) = failure.retry_after_seconds() {
            extensions.set("retryAfterSeconds", seconds);
        }
    })
}

fn masked(code: Code) -> &'static str {
    match code {
        Code::Unavailable => "The service is not available right now, please try again.",
        _ => "Something went wrong on our side.",
    }
}

/// `.graphql()?` at the end of a use case call in a resolver.
pub trait GraphqlResultExt<T> {
    /// Translates the failure, see [`to_graphql`].
    fn graphql(self) -> async_graphql::Result<T>;
}

impl<T, E: Coded> GraphqlResultExt<T> for Result<T, E> {
    fn graphql(self) -> async_graphql::Result<T> {
        self.map_err(to_graphql)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use errors::Invalid;

    #[derive(Debug, thiserror::Error)]
    #[error("secret detail")]
    struct Broken;
    impl Coded for Broken {
        fn code(&self) -> Code {
            Code::Internal
        }
    }

    #[test]
    fn an_internal_failure_says_nothing() {
        let error = to_graphql(Broken);
        assert!(!error.message.contains("secret"));
    }

    #[test]
    fn a_wrong_input_names_its_field() {
        let error = to_graphql(Invalid::new("grossArea", "must be above 0"));
        let extensions = error.extensions.unwrap();
        assert_eq!(extensions.get("code"), Some(&"INVALID".into()));
        assert_eq!(extensions.get("field"), Some(&"grossArea".into()));
    }
}
