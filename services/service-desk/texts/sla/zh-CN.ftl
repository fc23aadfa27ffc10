hours_in_order = 必须是一天之内按先后排列、互不相接的时段
steps_differ = 同一时限的同一比例不能有两个升级步骤
after_now = 必须晚于现在
