in_the_future = 不能晚于今天
planned_already = 该管理员本月的走访计划已制定
settled_already = 该承诺已有结果
not_a_responder = 应为本项目的应答人员
called_already = 本月已走访过该住户
