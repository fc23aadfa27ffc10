in_the_past = must not lie in the past
ends_before_it_begins = must be after it is published
not_in_this_state = the notice is in a state that does not allow this
writer_cannot_approve = who wrote a notice cannot approve it
time_has_passed = the planned time has passed; give it back to be changed
kind_of_notice = must be NOTICE, SAFETY, OUTAGE or EVENT
of_this_estate = must belong to this estate
words_or_template = give either a template or a title and a body
