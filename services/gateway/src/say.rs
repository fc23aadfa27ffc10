//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn too_many_fields(most: u64);
    pub(crate) fn too_many_nodes(most: u64);
    pub(crate) fn rule_broken(detail: &str);
    pub(crate) fn bad_request(detail: &str);
    pub(crate) fn bad_user_input(detail: &str);
    pub(crate) fn csrf_prevention_failed(detail: &str);
    pub(crate) fn decompression_failed(detail: &str);
    pub(crate) fn gateway_timeout(detail: &str);
    pub(crate) fn graphql_parse_failed(detail: &str);
    pub(crate) fn graphql_validation_failed(detail: &str);
    pub(crate) fn introspection_disabled(detail: &str);
    pub(crate) fn invalid_header(detail: &str);
    pub(crate) fn max_aliases_exceeded(detail: &str);
    pub(crate) fn max_depth_exceeded(detail: &str);
    pub(crate) fn max_directives_exceeded(detail: &str);
    pub(crate) fn method_not_allowed(detail: &str);
    pub(crate) fn missing_content_type_header(detail: &str);
    pub(crate) fn missing_query_param(detail: &str);
    pub(crate) fn mutation_not_allowed_over_http_get(detail: &str);
    pub(crate) fn operation_resolution_failure(detail: &str);
    pub(crate) fn payload_too_large_body_stream(detail: &str);
    pub(crate) fn payload_too_large_content_length(detail: &str);
    pub(crate) fn request_header_fields_too_large(detail: &str);
    pub(crate) fn subscriptions_not_supported(detail: &str);
    pub(crate) fn subscriptions_transport_not_supported(detail: &str);
    pub(crate) fn token_limit_exceeded(detail: &str);
    pub(crate) fn unprocessable_query_params(detail: &str);
    pub(crate) fn unsupported_content_encoding(detail: &str);
    pub(crate) fn unsupported_content_type(detail: &str);
}
