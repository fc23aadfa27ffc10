contact_closed = 该来访已答复或已转为其他单据
suggestion_is_decided = 建议只能采纳或解释，不能直接答复
no_open_suggestion = 没有待处理的建议
owner_already = 已经是该来访的责任人
not_offered = 该来访由他人负责，且未移交给您
not_in_the_future = 不能晚于现在
