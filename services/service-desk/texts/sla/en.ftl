hours_in_order = must be stretches of a day in order that do not touch each other
steps_differ = must not have two steps at the same share of one promise
after_now = must be later than now
