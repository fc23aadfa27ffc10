file_too_large = 文件不能超过 { $megabytes } MB
file_kind = 文件应为 XLSX 或 CSV
attachment_kind = 文件应为照片或图片（JPEG、PNG、WebP）、PDF、XLSX 或 CSV
form_unreadable = 表单无法读取，或文件过大
form_without_file = 表单中没有“file”文件
