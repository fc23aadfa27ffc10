infected = a virus was found in the file
too_many = at most { $most } files can be attached; take one away first
removed_already = the attachment was taken away already
