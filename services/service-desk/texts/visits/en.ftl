in_the_future = must not lie in the future
planned_already = this officer's month is planned already
settled_already = it is known already what became of the promise
not_a_responder = must be somebody who takes work in this estate
called_already = this home was called on in the month already
