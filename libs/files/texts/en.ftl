file_too_large = must have at most { $megabytes } MB
file_kind = must be XLSX or CSV
