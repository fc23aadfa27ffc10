contact_closed = 该来访已答复或已转为其他单据
suggestion_is_decided = 建议只能采纳或解释，不能直接答复
no_open_suggestion = 没有待处理的建议
owner_already = 已经是该来访的责任人
not_offered = 该来访由他人负责，且未移交给您
not_in_the_future = 不能晚于现在
not_before_the_contact = 不能早于来电来访的时间
sent_by_a_resident = 由住户本人提交，不能改为他人
letter_answer_title = 您的来询已答复
called_back = 该未接来电已回拨
for_the_desk = 只能由客服前台填写
for_residents = 只用于业主自己提交的内容
missed_call = 未接来电

# 各类来电来访的话术
script_inquiry =
    您好，{ $estate }客服中心，请问有什么可以帮您？
    用自己的话复述问题，依据现行公告和收费标准答复。
    询问是否已解答清楚，致谢，请客户先挂电话。
script_inquiry_passed_on =
    您好，{ $estate }客服中心，请问有什么可以帮您？
    这个问题我不随意答复，马上转给负责的同事，并由我跟进到底。
    复述姓名、房号和电话，说明何时回复。
script_help_request =
    您好，{ $estate }客服中心，请问有没有人受伤或处于危险中？
    有危险：立即拨打119、110或120，并通知门岗，复述准确位置。
    保持通话直到有人出发，并告知到场人员是谁。
script_paid_service =
    您好，{ $estate }客服中心，请问您需要哪项服务？
    先按公示价目说明价格和包含的内容，再作约定。
    复述房号、时间和价格，客户确认报价后才开工。
script_suggestion =
    您好，{ $estate }客服中心，感谢您关心小区。
    按客户原话记录建议并复述一遍。
    我们会研究，并告知是否采纳或不采纳的原因。
script_complaint =
    您好，{ $estate }客服中心，很抱歉给您带来不便。
    耐心听完，不争辩，不指责任何人，问清时间、地点和诉求。
    复述事实，说明由谁处理、何时回复；情绪激动时请到单独的接待室。
script_repair =
    您好，{ $estate }客服中心，请问哪里出了什么故障？
    跑水、漏电、漏气：先告知如何关闭阀门或开关，30分钟内到场。
    其他情况约定上门时间；说明属于公共部位还是自用部位，自用部位先报价。
