//! From a failure to a GraphQL error; the only place that does it.

use async_graphql::{Error, ErrorExtensionValues, ErrorExtensions as _, ServerError};
use errors::{Code, Coded, chain};
use std::sync::Arc;
use texts::{Language, Text};

/// Turns a failure into a GraphQL error with its code, field and waiting time in the extensions.
/// Its sentence is English until [`speak`] puts it into the caller's language.
///
/// A failure whose code is not public is logged once, here, and answered with a fixed sentence.
pub fn to_graphql<E: Coded>(failure: E) -> Error {
    let code = failure.code();
    let text = if code.is_public() {
        failure.text()
    } else {
        tracing::error!(error.code = code.as_str(), "request failed: {}", chain(&failure));
        code.text()
    };
    let message = text.to_string();
    Error { message, source: Some(Arc::new(text)), extensions: None }.extend_with(
        |_, extensions| {
            extensions.set("code", code.as_str());
            if let Some(field) = failure.field() {
                extensions.set("field", field);
            }
            if let Some(seconds) = failure.retry_after_seconds() {
                extensions.set("retryAfterSeconds", seconds);
            }
        },
    )
}

/// Puts the errors of an answer into the caller's language, as far as they come from
/// [`to_graphql`]; the others speak of the document, to whoever wrote it. Of those, one about a
/// value (a variable that is no word of an enum, a text for a number) names its field as well.
pub fn speak(errors: &mut [ServerError], language: Language) {
    for error in errors {
        if let Some(sentence) = error.source::<Text>().map(|text| text.say(language)) {
            error.message = sentence;
        } else if let Some(field) = refused_argument(error) {
            let mut extensions = ErrorExtensionValues::default();
            extensions.set("code", Code::Invalid.as_str());
            extensions.set("field", field);
            error.extensions = Some(extensions);
        }
    }
}

/// The argument, or the field of an `input`, whose value the validation of a request refused.
fn refused_argument(error: &ServerError) -> Option<String> {
    let before_execution = error.path.is_empty() && error.extensions.is_none();
    let named = error.message.strip_prefix("Invalid value for argument \"")?;
    let (field, _) = named.split_once('"')?;
    let field = field.strip_prefix("input.").unwrap_or(field);
    before_execution.then(|| field.to_owned())
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
    use async_graphql::{PathSegment, Pos};
    use errors::{Invalid, expected};

    #[derive(Debug, thiserror::Error)]
    #[error("secret detail")]
    struct Broken;
    impl Coded for Broken {
        fn code(&self) -> Code {
            Code::Internal
        }
        fn text(&self) -> Text {
            expected::readable("secret")
        }
    }

    #[test]
    fn an_internal_failure_says_nothing() {
        let error = to_graphql(Broken);
        assert!(!error.message.contains("secret"));
        let mut errors = [error.into_server_error(Pos::default())];
        speak(&mut errors, Language::Zh);
        assert!(!errors[0].message.contains("secret"));
    }

    #[test]
    fn an_error_speaks_the_language_of_the_caller() {
        let error = to_graphql(Invalid::new("grossArea", expected::above_zero()));
        let mut errors = [error.into_server_error(Pos::default()), ServerError::new("odd", None)];
        speak(&mut errors, Language::Zh);
        assert_eq!(errors[0].message, "必须大于零");
        speak(&mut errors, Language::En);
        assert_eq!(errors[0].message, "must be above zero");
        assert_eq!(errors[1].message, "odd");
    }

    #[test]
    fn a_value_of_the_wrong_type_names_its_field() {
        let reason = "Invalid value for argument \"input.formula\", expected type \"FeeFormula\"";
        let mut errors = [ServerError::new(reason, None), ServerError::new(reason, None)];
        errors[1].path.push(PathSegment::Field("feeItem".to_owned()));
        speak(&mut errors, Language::En);
        let extensions = errors[0].extensions.as_ref().unwrap();
        assert_eq!(extensions.get("code"), Some(&"INVALID".into()));
        assert_eq!(extensions.get("field"), Some(&"formula".into()));
        assert_eq!(errors[0].message, reason);
        assert!(errors[1].extensions.is_none(), "a resolver wrote that text");
    }

    #[test]
    fn a_wrong_input_names_its_field() {
        let error = to_graphql(Invalid::new("grossArea", expected::above_zero()));
        let extensions = error.extensions.unwrap();
        assert_eq!(extensions.get("code"), Some(&"INVALID".into()));
        assert_eq!(extensions.get("field"), Some(&"grossArea".into()));
    }
}
