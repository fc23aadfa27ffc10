not_in_this_state = the contact sheet is in a state that does not allow this
nobody_there = nobody has the post { $role } in this estate
due_before_now = must be later than now
