# 各功能共用的输入要求
length = 应为 { $min } 至 { $max } 个字符
items = 应为 { $min } 至 { $max } 项
between = 应在 { $min } 至 { $max } 之间
above_zero = 必须大于零
not_negative = 不能小于零
filled = 必须填写
unused = 已被使用，请另取一个
existing = 没有这一项
upper_code = 应为 { $min } 至 { $max } 个大写字母、数字或下划线
lower_code = 应为 { $min } 至 { $max } 个小写字母、数字或连字符
not_before = 不能早于“{ $other }”
month = “{ $given }”不是月份，应如 2026-07
cursor = 不是本列表的翻页位置
id = 应为以“{ $prefix }_”开头的编号
readable = 无法识别“{ $given }”
idempotency_key = 应为 8 至 255 个可见的 ASCII 字符
web_address = 应为网页地址
patience = 操作过于频繁，请在 { $seconds } 秒后再试

# 每个错误代码一句
unauthenticated = 登录无效或已过期，请重新登录
forbidden = 没有权限进行此操作
not_found = 未找到
invalid = 输入内容无法识别
conflict = 当前状态不允许此操作
idempotency_mismatch = 该幂等键已用于另一个内容不同的请求
projection_behind = 数据正在同步，请稍后再试
rate_limited = 操作过于频繁，请稍后再试
suspended = 公司已停用，不能修改任何内容
unavailable = 服务暂时不可用，请稍后再试。
internal = 系统出现错误，请稍后再试。
