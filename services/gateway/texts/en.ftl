# The gateway's own limits
too_many_fields = The document asks for more than { $most } fields.
too_many_nodes = The document asks for more than { $most } list items on one path.

# What the router says about the request itself, by error code
rule_broken = { $detail }
bad_request = { $detail }
bad_user_input = { $detail }
csrf_prevention_failed = { $detail }
decompression_failed = { $detail }
gateway_timeout = { $detail }
graphql_parse_failed = { $detail }
graphql_validation_failed = { $detail }
introspection_disabled = { $detail }
invalid_header = { $detail }
max_aliases_exceeded = { $detail }
max_depth_exceeded = { $detail }
max_directives_exceeded = { $detail }
method_not_allowed = { $detail }
missing_content_type_header = { $detail }
missing_query_param = { $detail }
mutation_not_allowed_over_http_get = { $detail }
operation_resolution_failure = { $detail }
payload_too_large_body_stream = { $detail }
payload_too_large_content_length = { $detail }
request_header_fields_too_large = { $detail }
subscriptions_not_supported = { $detail }
subscriptions_transport_not_supported = { $detail }
token_limit_exceeded = { $detail }
unprocessable_query_params = { $detail }
unsupported_content_encoding = { $detail }
unsupported_content_type = { $detail }
