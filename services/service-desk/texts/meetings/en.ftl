not_in_this_state = the task is in a state that does not allow this
in_the_future = must not lie in the future
owner_cannot_verify = who owns a task cannot verify it
present_and_absent = nobody is both present and absent
