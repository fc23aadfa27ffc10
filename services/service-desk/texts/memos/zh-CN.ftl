not_in_this_state = 传递单当前的状态不允许此操作
nobody_there = 本项目没有 { $role } 岗位的人员
due_before_now = 须晚于现在
answered_oneself = 回复人不能代发件人确认或撤回传递单
