not_in_this_state = the contact sheet is in a state that does not allow this
nobody_there = nobody has the post { $role } in this estate
due_before_now = must be later than now
answered_oneself = whoever answered a contact sheet does not confirm it or take it back for its sender
