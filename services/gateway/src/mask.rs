//! Which error texts may leave the installation.

use crate::{limits, say};
use errors::Code;
use hive_router::executor::response::graphql_error::GraphQLError;
use texts::{Language, Text};

/// The sentence of a code of the router, around its own English words.
type Say = fn(&str) -> Text;

/// Codes of the router whose words are made of the client's own request and nothing else.
const ABOUT_THE_REQUEST: [(&str, Say); 26] = [
    ("BAD_REQUEST", say::bad_request),
    ("BAD_USER_INPUT", say::bad_user_input),
    ("CSRF_PREVENTION_FAILED", say::csrf_prevention_failed),
    ("DECOMPRESSION_FAILED", say::decompression_failed),
    ("GATEWAY_TIMEOUT", say::gateway_timeout),
    ("GRAPHQL_PARSE_FAILED", say::graphql_parse_failed),
    ("GRAPHQL_VALIDATION_FAILED", say::graphql_validation_failed),
    ("INTROSPECTION_DISABLED", say::introspection_disabled),
    ("INVALID_HEADER", say::invalid_header),
    ("MAX_ALIASES_EXCEEDED", say::max_aliases_exceeded),
    ("MAX_DEPTH_EXCEEDED", say::max_depth_exceeded),
    ("MAX_DIRECTIVES_EXCEEDED", say::max_directives_exceeded),
    ("METHOD_NOT_ALLOWED", say::method_not_allowed),
    ("MISSING_CONTENT_TYPE_HEADER", say::missing_content_type_header),
    ("MISSING_QUERY_PARAM", say::missing_query_param),
    ("MUTATION_NOT_ALLOWED_OVER_HTTP_GET", say::mutation_not_allowed_over_http_get),
    ("OPERATION_RESOLUTION_FAILURE", say::operation_resolution_failure),
    ("PAYLOAD_TOO_LARGE_BODY_STREAM", say::payload_too_large_body_stream),
    ("PAYLOAD_TOO_LARGE_CONTENT_LENGTH", say::payload_too_large_content_length),
    ("REQUEST_HEADER_FIELDS_TOO_LARGE", say::request_header_fields_too_large),
    ("SUBSCRIPTIONS_NOT_SUPPORTED", say::subscriptions_not_supported),
    ("SUBSCRIPTIONS_TRANSPORT_NOT_SUPPORTED", say::subscriptions_transport_not_supported),
    ("TOKEN_LIMIT_EXCEEDED", say::token_limit_exceeded),
    ("UNPROCESSABLE_QUERY_PARAMS", say::unprocessable_query_params),
    ("UNSUPPORTED_CONTENT_ENCODING", say::unsupported_content_encoding),
    ("UNSUPPORTED_CONTENT_TYPE", say::unsupported_content_type),
];

/// How the router's codes begin when a service did not answer, or not in GraphQL.
const NO_ANSWER: [&str; 2] = ["SUBGRAPH_", "SUBREQUEST_"];

/// The extensions a client may see beside `code` and `service`.
const PUBLIC_EXTENSIONS: [&str; 2] = ["field", "retryAfterSeconds"];

/// Makes an error fit to leave: text and extensions of unknown origin are replaced.
///
/// An error names its service only once it reached one, so a service cannot borrow a code of the
/// router to let its text pass. A service has put its text into the caller's language already, and
/// so have our limits.
pub(crate) fn mask(error: &mut GraphQLError, language: Language) {
    error.extensions.extensions.retain(|key, _| PUBLIC_EXTENSIONS.contains(&key.as_str()));
    error.extensions.affected_path = None;
    let own = error.extensions.service_name.is_none();
    let code = error.extensions.code.as_deref().unwrap_or_default();
    let known = Code::ALL.into_iter().find(|known| known.as_str() == code);
    if known.is_some_and(Code::is_public) || (own && code == limits::CODE) {
        return;
    }
    if let Some(say) = Some(code).filter(|_| own).and_then(about_the_request) {
        error.message = say(&error.message).say(language);
        return;
    }
    let service = error.extensions.service_name.as_deref();
    tracing::error!(service, error.code = code, error.detail = error.message, "error masked");
    let away = known == Some(Code::Unavailable) || NO_ANSWER.iter().any(|p| code.starts_with(p));
    let code = if away { Code::Unavailable } else { Code::Internal };
    error.message = code.text().say(language);
    error.extensions.code = Some(code.as_str().to_owned());
}

/// How a code of the router about the request reads. The validation rules of the GraphQL
/// specification report under their own names, e.g. `FieldsOnCorrectType`; they only ever quote
/// the document.
fn about_the_request(code: &str) -> Option<Say> {
    let known = ABOUT_THE_REQUEST.iter().find(|(known, _)| *known == code).map(|(_, say)| *say);
    known.or_else(|| code.chars().any(char::is_lowercase).then_some(say::rule_broken as Say))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hive_router::sonic_rs::json;

    fn masked(service: Option<&str>, code: Option<&str>) -> GraphQLError {
        let mut error = GraphQLError::from("table users is broken");
        error.extensions.service_name = service.map(str::to_owned);
        error.extensions.code = code.map(str::to_owned);
        for key in ["field", "retryAfterSeconds", "stack"] {
            error.extensions.set(key.to_owned(), json!("x"));
        }
        mask(&mut error, Language::En);
        error
    }

    #[test]
    fn a_public_code_keeps_its_text_and_what_forms_need() {
        let error = masked(Some("billing"), Some("INVALID"));
        assert_eq!(error.message, "table users is broken");
        assert!(error.extensions.get("field").is_some());
        assert!(error.extensions.get("retryAfterSeconds").is_some());
        assert!(error.extensions.get("stack").is_none());
    }

    #[test]
    fn anything_else_from_a_service_says_nothing() {
        for code in [None, Some("INTERNAL"), Some("ODD"), Some("GRAPHQL_PARSE_FAILED")] {
            let error = masked(Some("billing"), code);
            assert_eq!(error.message, Code::Internal.text().say(Language::En));
            assert_eq!(error.extensions.code.as_deref(), Some("INTERNAL"));
        }
    }

    #[test]
    fn a_service_that_did_not_answer_is_named_as_unavailable() {
        let error = masked(Some("billing"), Some("SUBREQUEST_HTTP_ERROR"));
        assert_eq!(error.message, Code::Unavailable.text().say(Language::En));
        assert_eq!(error.extensions.code.as_deref(), Some("UNAVAILABLE"));
        assert_eq!(error.extensions.service_name.as_deref(), Some("billing"));
    }

    #[test]
    fn what_the_router_says_about_the_request_passes_and_its_own_trouble_does_not() {
        assert_eq!(masked(None, Some("TOO_COMPLEX")).message, "table users is broken");
        assert_eq!(masked(None, Some("MAX_DEPTH_EXCEEDED")).message, "table users is broken");
        assert_eq!(masked(None, Some("FieldsOnCorrectType")).message, "table users is broken");
        let trouble = masked(None, Some("PLAN_EXECUTION_FAILED"));
        assert_eq!(trouble.extensions.code.as_deref(), Some("INTERNAL"));
        assert_ne!(trouble.message, "table users is broken");
    }
}
