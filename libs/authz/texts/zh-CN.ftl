missing = 缺少权限“{ $permission }”
over_limit = 权限“{ $permission }”的金额上限为 { $limit }
same_person = 职责分离：{ $rule }
