changed_meanwhile = 其他人刚刚修改过，请刷新后重试
