# 本网关的限制
too_many_fields = 查询的字段超过 { $most } 个
too_many_nodes = 查询的一条路径上列表项超过 { $most } 个

# 路由器对请求本身的说明，按错误代码
rule_broken = 查询不符合 GraphQL 规范：{ $detail }
bad_request = 请求有误：{ $detail }
bad_user_input = 输入有误：{ $detail }
csrf_prevention_failed = 请求缺少防跨站所需的请求头：{ $detail }
decompression_failed = 请求内容无法解压：{ $detail }
gateway_timeout = 请求超时：{ $detail }
graphql_parse_failed = 查询语法有误：{ $detail }
graphql_validation_failed = 查询不符合接口定义：{ $detail }
introspection_disabled = 不开放接口定义查询：{ $detail }
invalid_header = 请求头有误：{ $detail }
max_aliases_exceeded = 查询的别名过多：{ $detail }
max_depth_exceeded = 查询层次过深：{ $detail }
max_directives_exceeded = 查询的指令过多：{ $detail }
method_not_allowed = 请求方法不允许：{ $detail }
missing_content_type_header = 缺少 Content-Type 请求头：{ $detail }
missing_query_param = 缺少查询参数：{ $detail }
mutation_not_allowed_over_http_get = 修改操作不能用 GET 请求：{ $detail }
operation_resolution_failure = 无法确定要执行的操作：{ $detail }
payload_too_large_body_stream = 请求内容过大：{ $detail }
payload_too_large_content_length = 请求内容过大：{ $detail }
request_header_fields_too_large = 请求头过大：{ $detail }
subscriptions_not_supported = 不支持订阅：{ $detail }
subscriptions_transport_not_supported = 不支持该订阅方式：{ $detail }
token_limit_exceeded = 查询过长：{ $detail }
unprocessable_query_params = 查询参数无法处理：{ $detail }
unsupported_content_encoding = 不支持该压缩方式：{ $detail }
unsupported_content_type = 不支持该内容类型：{ $detail }
