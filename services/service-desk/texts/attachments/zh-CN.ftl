infected = 文件中发现病毒
too_many = 最多可附 { $most } 个文件，请先移除一个
too_many_left = 已有 { $most } 个文件尚未附上，请先附上，或明天再上传
staff_only = 只有员工附上的文件可设为仅内部可见
removed_already = 该附件已被移除
