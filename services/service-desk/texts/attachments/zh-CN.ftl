infected = 文件中发现病毒
too_many = 最多可附 { $most } 个文件，请先移除一个
removed_already = 该附件已被移除
