changed_meanwhile = 其他人刚刚修改过，请刷新后重试
month_not_over = 须为已结束的月份
