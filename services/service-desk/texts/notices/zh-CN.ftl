in_the_past = 不能早于现在
ends_before_it_begins = 失效时间须晚于发布时间
not_in_this_state = 通知当前的状态不允许此操作
writer_cannot_approve = 撰写人不能审批自己的通知
time_has_passed = 计划发布时间已过,请退回修改
kind_of_notice = 应为 NOTICE、SAFETY、OUTAGE 或 EVENT
of_this_estate = 应属于本项目
words_or_template = 请选用模板，或填写标题和正文，二者择一
