no_price_list = the service has no price list in force; without one nothing can be charged
wrong_state = an order that is { $state } does not allow this step
state_requested = requested
state_quoted = quoted
state_confirmed = confirmed
state_scheduled = scheduled
state_in_progress = in progress
state_done = done
state_disputed = disputed
state_accepted = accepted
state_paid = paid
state_revisited = revisited
state_closed = closed
state_cancelled = cancelled
rework_term_over = the time for free rework is over; a new order is needed
belongs_to_unit = somebody who belongs to the unit today
time_of_day = a time of day like 20:00
labour_fixed = labour { $price } × { $quantity } = { $amount }
labour_fixed_surcharged = labour { $price } × { $quantity } × { $factor } (night or holiday) = { $amount }
labour_hourly = { $workers } workers × { $hours } h × { $price } = { $amount }
labour_hourly_surcharged = { $workers } workers × { $hours } h × { $price } × { $factor } (night or holiday) = { $amount }
package_discount = package discount of { $percent } % on labour: { $amount }
material = { $name }: { $price } × { $quantity } = { $amount }
cancelled_late = { $name }, cancelled less than 2 hours before the appointment
charge_not_rejected = billing has not rejected the charge of this order
letter_quoted_title = Your order is priced
letter_quoted = { $name } will cost { $total } yuan. Please confirm it in the app; no work begins before.
