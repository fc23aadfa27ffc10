second_person = 结算单编制人不能审批该结算单
already_decided = 该结算单已审批
nothing_to_settle = 该合作单位本月没有已付款的服务单或索赔可结算
order_of_partner = 由该合作单位完成的特约服务单
line_order = 人工费 { $base } × { $percent }% = { $amount }
line_claim = 损坏索赔：{ $amount }
day_passed = 今天或之前的日期
line_refund = 已退款服务单的分成冲回：{ $amount }
refunded = 该服务单结算后已退款
