not_in_this_state = 任务当前的状态不允许此操作
in_the_future = 不能晚于今天
owner_cannot_verify = 任务负责人不能验收自己的任务
present_and_absent = 同一人不能既出席又缺席
