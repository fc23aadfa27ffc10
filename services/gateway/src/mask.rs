//! Which error texts may leave the installation.

use errors::Code;
use hive_router::executor::response::graphql_error::GraphQLError;

const SORRY: &str = "Something went wrong on our side.";
const AWAY: &str = "A service is not available right now, please try again.";

/// Codes of the router whose text is made of the client's own request and nothing else.
const ABOUT_THE_REQUEST: [&str; 27] = [
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "CSRF_PREVENTION_FAILED",
    "DECOMPRESSION_FAILED",
    "GATEWAY_TIMEOUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "INTROSPECTION_DISABLED",
    "INVALID_HEADER",
    "MAX_ALIASES_EXCEEDED",
    "MAX_DEPTH_EXCEEDED",
    "MAX_DIRECTIVES_EXCEEDED",
    "METHOD_NOT_ALLOWED",
    "MISSING_CONTENT_TYPE_HEADER",
    "MISSING_QUERY_PARAM",
    "MUTATION_NOT_ALLOWED_OVER_HTTP_GET",
    "OPERATION_RESOLUTION_FAILURE",
    "PAYLOAD_TOO_LARGE_BODY_STREAM",
    "PAYLOAD_TOO_LARGE_CONTENT_LENGTH",
    "REQUEST_HEADER_FIELDS_TOO_LARGE",
    "SUBSCRIPTIONS_NOT_SUPPORTED",
    "SUBSCRIPTIONS_TRANSPORT_NOT_SUPPORTED",
    "TOKEN_LIMIT_EXCEEDED",
    "TOO_COMPLEX",
    "UNPROCESSABLE_QUERY_PARAMS",
    "UNSUPPORTED_CONTENT_ENCODING",
    "UNSUPPORTED_CONTENT_TYPE",
];

/// How the router's codes begin when a service did not answer, or not in GraphQL.
const NO_ANSWER: [&str; 2] = ["SUBGRAPH_", "SUBREQUEST_"];

/// The extensions a client may see beside `code` and `service`.
const PUBLIC_EXTENSIONS: [&str; 2] = ["field", "retryAfterSeconds"];

/// Makes an error fit to leave: text and extensions of unknown origin are replaced.
///
/// An error names its service only once it reached one, so a service cannot borrow a code of the
/// router to let its text pass.
pub(crate) fn mask(error: &mut GraphQLError) {
    error.extensions.extensions.retain(|key, _| PUBLIC_EXTENSIONS.contains(&key.as_str()));
    error.extensions.affected_path = None;
    let own = error.extensions.service_name.is_none();
    let text = error.extensions.code.as_deref().unwrap_or_default();
    let known = Code::ALL.into_iter().find(|code| code.as_str() == text);
    if known.is_some_and(Code::is_public) || (own && is_about_the_request(text)) {
        return;
    }
    let service = error.extensions.service_name.as_deref();
    tracing::error!(service, error.code = text, error.detail = error.message, "error masked");
    let away = known == Some(Code::Unavailable) || NO_ANSWER.iter().any(|p| text.starts_with(p));
    let (code, message) = if away { (Code::Unavailable, AWAY) } else { (Code::Internal, SORRY) };
    message.clone_into(&mut error.message);
    error.extensions.code = Some(code.as_str().to_owned());
}

/// The validation rules of the GraphQL specification report under their own names, e.g.
/// `FieldsOnCorrectType`; they only ever quote the document.
fn is_about_the_request(code: &str) -> bool {
    ABOUT_THE_REQUEST.contains(&code) || code.chars().any(char::is_lowercase)
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
        mask(&mut error);
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
            assert_eq!(error.message, SORRY);
            assert_eq!(error.extensions.code.as_deref(), Some("INTERNAL"));
        }
    }

    #[test]
    fn a_service_that_did_not_answer_is_named_as_unavailable() {
        let error = masked(Some("billing"), Some("SUBREQUEST_HTTP_ERROR"));
        assert_eq!(error.message, AWAY);
        assert_eq!(error.extensions.code.as_deref(), Some("UNAVAILABLE"));
        assert_eq!(error.extensions.service_name.as_deref(), Some("billing"));
    }

    #[test]
    fn what_the_router_says_about_the_request_passes_and_its_own_trouble_does_not() {
        assert_eq!(masked(None, Some("TOO_COMPLEX")).message, "table users is broken");
        assert_eq!(masked(None, Some("PLAN_EXECUTION_FAILED")).message, SORRY);
    }
}
