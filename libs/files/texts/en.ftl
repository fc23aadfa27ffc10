file_too_large = must have at most { $megabytes } MB
file_kind = must be XLSX or CSV
attachment_kind = must be a photo or picture (JPEG, PNG, WebP), PDF, XLSX or CSV
form_unreadable = the form cannot be read, or is too large
form_without_file = the form has no part `file`
