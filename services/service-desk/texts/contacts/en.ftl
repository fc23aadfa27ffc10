contact_closed = the contact was answered already or has become something else
suggestion_is_decided = a suggestion is adopted or explained, not answered
no_open_suggestion = there is no suggestion that waits for a decision
owner_already = has the contact already
not_offered = the contact is somebody else's and was not handed over to you
not_in_the_future = must not lie in the future
