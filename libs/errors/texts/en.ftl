# What inputs of every feature are expected to be
length = must have { $min } to { $max } characters
items = must be { $min } to { $max } items
between = must be between { $min } and { $max }
above_zero = must be above zero
not_negative = must not be negative
filled = must be given
unused = is used already, choose another
existing = there is no such one
upper_code = must be { $min } to { $max } upper-case letters, digits or underscores
lower_code = must be { $min } to { $max } lower-case letters, digits or hyphens
not_before = must not be before `{ $other }`
month = `{ $given }` is not a month like 2026-07
cursor = not a cursor of this list
id = must be an id that starts with `{ $prefix }_`
readable = `{ $given }` cannot be read
idempotency_key = must be 8 to 255 printable ASCII characters
web_address = must be a web address
patience = { $seconds ->
    [one] too many requests; try again in one second
   *[other] too many requests; try again in { $seconds } seconds
}

# One sentence per code
unauthenticated = the sign-in is not valid or has ended; sign in again
forbidden = this is not permitted
not_found = not found
invalid = an input cannot be read
conflict = the present state does not allow this
idempotency_mismatch = the idempotency key was used before with other input
projection_behind = facts of another service have not arrived yet, please try again
rate_limited = too many requests, please try again later
suspended = the company is suspended; nothing can be changed
unavailable = The service is not available right now, please try again.
internal = Something went wrong on our side.
