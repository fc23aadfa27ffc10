file_too_large = 文件不能超过 { $megabytes } MB
file_kind = 文件应为 XLSX 或 CSV
