infected = a virus was found in the file
too_many = at most { $most } files can be attached; take one away first
too_many_left = { $most } files wait to be attached; attach some of them, or upload again tomorrow
staff_only = only what staff attach can be for staff alone
removed_already = the attachment was taken away already
