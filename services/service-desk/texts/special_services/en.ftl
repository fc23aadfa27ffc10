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
appointment_passed = the time of the appointment has passed; a new quote is needed
charged_already = the order is charged; what goes back of it is refunded by the cash desk
worker_does_not_answer = who does the work does not take down that it is accepted
pricer_does_not_confirm = who priced the order or does the work does not take down that the price is agreed to
picture_of_signature = must be a picture that is attached to this order, not taken away, and not one of before the work
letter_done_title = Your order is done
letter_done = { $name } is done. Please accept it, or say what is not in order; without a word within { $days } days it counts as accepted.
letter_ended_title = Your order has changed
letter_ended = { $name } is now { $state }: { $reason }
letter_answer_title = Your answer to an order
letter_confirmed = We took down that you agree to { $total } yuan for { $name }. If that is wrong, please call us.
letter_accepted = We took down that you accept { $name }; it costs { $total } yuan. If that is wrong, please call us.
letter_silence = { $name } was done { $days } days ago and nobody said that it is not in order, so it counts as accepted. If that is wrong, please call us.
letter_disputed = We took down that { $name } is not in order; it will be done again. If that is wrong, please call us.
at_most = 0 to { $price } yuan
