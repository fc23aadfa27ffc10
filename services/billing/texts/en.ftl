not_that_much_open = the bill does not have that much open or settled
partner_of_pass_through = a pass-through has a partner, nothing else has
price_range = a rate is 0 to 10000 per m², a price or surcharge 0 to 1000000
not_before_approval = a rate cannot apply before it is approved and published
proposer_cannot_approve = the person who proposed a fee standard cannot approve it
wrong_phase = a fee standard that is { $phase } does not allow this step
phase_draft = a draft
phase_proposed = proposed
phase_approved = approved
phase_effective = effective
phase_superseded = superseded
phase_withdrawn = withdrawn
standard_overlaps = an approved fee standard of the same scope begins on { $day }
needed_by_formula = needed by this formula
not_used_by_formula = not used by this formula
overlapping_payers = two payers are named for { $day }
overlapping_standards = two fee standards apply on { $day }
negative_figure = an area, rate or price is below zero
area_price = { $area } m² × { $rate } = { $monthly }
area_price_surcharge = { $area } m² × { $rate } + { $surcharge } = { $monthly }
unit_price = { $price } per unit and month
space_price = { $price } per parking space and month
metered_price = { $steps } per unit of use
part_of_month = { $whole }; { $monthly } × { $share } = { $part }
share_of_days = { $part }/{ $whole } days
share_of_30_days = { $part }/{ $whole } days (30-day month)
share_of_month = { $part }/{ $whole } month
sum_rounded = { $sum } → { $amount }
sum_remainder = { $sum }; remainder: { $total } − { $others } = { $amount }
sum_capped = { $sum }; limited to what is left → { $amount }
before_cut_over = nothing before { $month } is charged
year_ahead = at most a year ahead
doubt_no_payer = nobody pays for it in this month
doubt_no_price = no fee item has a price for it
doubt_zero_area = its area is zero, but a price per area applies
doubt_charged_otherwise = { $day } is charged otherwise: void that bill and issue it again
doubt_jump = { $before } in the month before, { $now } now
run_failed = a part of the run could not be done; see the log
of_the_estate = belongs to the estate, not to one account
this_or = give either this or `{ $other }`
unit_given_already = a unit is given already
only_voided_again = only a voided bill can be issued again
issued_again = the bill is issued again already
owes_nothing = the account owes nothing for these months
bill_voided = the bill is voided already
refund_first = { $paid } of the bill is paid: refund it first
reversed_already = the entry is reversed already, or is itself a reversal
designated_not_open = a designated bill is not open
country_form = two capital letters, e.g. HK
no_platform_account = this installation has no platform account; set own keys
key_refused = the provider does not take this key
must_begin = must begin with { $choices }
amount_differs = { $received } was received for a payment of { $expected }
refund_out_of_range = { $total } cannot be refunded of a payment of { $paid }
second_person_needed = who took the money or asks for its refund cannot approve the refund
at_most = must be above zero and at most { $most }
refund_decided = the refund is decided already
refund_the_deposit = the money is held as a deposit: ask for the refund of the deposit
prepayment_used = what was paid ahead has been used for bills meanwhile
receipt_void = the receipt is void already
sequence_used_up = the sequence is used up
bills_of_one_account = must be bills of one account
no_online_payments = the company takes no online payments yet
nothing_open = nothing is open of these bills
must_be_below = must be below { $address }
not_at_the_counter = online money is not taken at the counter
prepayment = Prepayment
receivable = Receivable
refunded_outside = refunded at the payment provider
bill_of_month = Bill { $month }
bill_of_months = Bill { $first } to { $last }
nobody_in_estate = nobody in the estate
no_imported_prices = the import has no prices that wait for approval
import_not_stopped = the import did not stop
file_away = the file cannot be fetched at present
file_unreadable = the file of the import is gone or cannot be read
estate_unknown = the estate is not known yet

# Late fees
late_fee_rate_range = must be from 0 to 0.01, which is 1% a day
late_fee_rate_high = { $percent }% a day is above the usual 0.05%; a court may reduce it
late_fee_cap_high = a cap of { $percent }% of the principal is above the usual 30%; a court may reduce it
late_fee_rounded = { $sum } = { $exact }, rounded to { $amount }
late_fee_capped = { $sum } = { $exact }, at most { $cap }
late_fee_of_month = Late fee of bill { $month }
late_fee_of_months = Late fee of bill { $first } to { $last }

# Receipts
taker_cannot_void = who took the money cannot void its receipt

# Waivers
waiver_second_person = who asks for a waiver or took money for the bill cannot decide it
waiver_decided = the waiver is decided already
waiver_not_granted = the waiver is not granted, or undone already

# Instalment plans
instalments_too_small = an instalment would be less than 0.01
instalment_days = must be in order and after today
bill_in_plan = the bill is in an instalment plan that stands
plan_decided = the instalment plan is decided or over
plan_too_late = the first instalment's day has passed
proposer_cannot_agree = who proposes an instalment plan cannot decide it
# deposits
deposit_not_due = the deposit is paid or cancelled already
deposit_not_held = nothing of the deposit is left that could go back
deposit_not_free = a deposit that is held and of which no deduction or refund is open
deposit_renovation = Renovation deposit
deposit_pass = Pass deposit
deposit_key_card = Key and card deposit
deposit_parking_card = Parking card deposit
deposit_venue = Venue deposit
deposit_other = Other deposit
between_days = a day from { $first } to { $last }
notice_first = the notice has to be delivered to the payer first
notice_delivered = the notice is delivered already
appeal_window = the payer may appeal until { $last }
appeal_late = the days to appeal ended on { $last }
appealed_already = the payer has appealed against it already
appeal_undecided = the appeal is not decided yet
no_appeal = there is no appeal to decide
deduction_ended = the deduction is confirmed or given up already
deduction_second_person = who recorded a deduction does not decide it
no_fines = what was spent or agreed; a property company cannot fine anybody
refund_not_approved = the refund does not wait to be paid out
pay_out_second_person = who approved the money does not pay it out
# settlements
leaving_waits = a settlement of the account waits for approval already
leaving_decided = the settlement is approved or cancelled already
leaving_outdated = the books have changed since it was prepared; prepare it anew
leaving_not_approved = the settlement does not wait to be paid out
leaving_refund = Settlement at leaving
bill_credited = part of the bill was credited in a settlement at leaving
# Meters, shared costs, single charges and discounts
steps_rise = the limits must rise, and only the last step has none
three_places = a number not below zero with at most three decimal places
four_places = per cent with at most four decimal places
metered_sum = { $readings }; { $products } = { $exact }
metered_estimated = { $sum } (estimated)
metered_share = { $sum }; { $days }/{ $all } days of it
metered_carried = { $sum } → { $part }; correction of earlier bills { $carried } → { $amount }
shared_by_area = { $total } × { $own } m² / { $all } m² → { $part }
shared_by_household = { $total } × { $own } / { $all } units → { $part }
shared_by_usage = { $total } × { $own } / { $all } used → { $part }
discounted = { $whole }; less { $less } = { $left }
discounted_part = { $whole }; less { $less }; { $share } = { $left }
less_percent = { $percent } %
less_fixed = { $amount } a month
doubt_missing_reading = meter { $meter } was not read since { $day }
doubt_estimated = the last reading of meter { $meter } is estimated
doubt_no_meter_price = what meter { $meter } counted has no price
doubt_meter_falls = the readings of meter { $meter } fall
doubt_meter_credit = { $amount } too much is charged for meter { $meter }; it is taken off the next use
more_than_digits = more digits than the counter has
reading_falls = below { $before }, the last reading; if the counter passed its last digit, say so
no_rollover = not below the last reading: the counter did not pass its last digit
implausible_use = a use of { $used } is out of the ordinary: check it and confirm
reading_day = must be after { $last }, in the life of the meter and not in the future
read_otherwise = the reading of that day is { $value }
reading_corrected = the reading is corrected already
unreadable_line = line { $line } cannot be read
meter_removed = the meter is removed already
shared_meter_not_charged = a shared meter is not charged; use a shared cost
not_in_future = must not be in the future
late_fee_not_by_hand = late fees are not charged by hand
nobody_pays_then = nobody pays for the unit on that day
another_must_approve = who proposes cannot approve
no_discount_on_item = nothing is taken off what is collected for a partner or off late fees
discount_decided = the discount is decided already
discount_over = the discount is over
vacant_already = registered as empty from { $day } on
vacancy_over = the vacancy ended earlier
a_year_at_most = a year at most
kind_for_usage = given exactly when the cost is shared by use
shared_cost_decided = the shared cost is decided already
shared_cost_not_charged = the shared cost has no bills that stand
nothing_to_share_by = there is no area, unit or use to share by
# Dunning
dunning_steps_in_order = must be in the order of the ladder, on growing days
dunning_hours_lawful = must lie between 08:30 and 20:30
dunning_unknown_variable = { $name } is no variable
dunning_unlawful = “{ $phrase }” is unlawful: { $law }
law_no_cutting = water, power, heat or gas must not be cut to force payment (Civil Code, article 944)
law_no_barring = nobody may be kept from their home or its common parts for arrears (Civil Code, articles 271 and 944)
law_no_shaming = debtors must not be listed in public (Personal Information Protection Law, articles 10 and 25)
law_no_fines = a company has no power to fine (Administrative Penalty Law, article 17)
law_no_telling = neighbours, employers and other third parties must not be told (Personal Information Protection Law, article 10)
dunning_held_already = this is held already
dunning_pause_over = the pause ended already
dunning_case_open = the account has an open case
dunning_nothing_due = nothing is due that is not paid
dunning_case_over = the case has ended
dunning_task_over = the task is not open
dunning_held = dunning is paused: first the complaint or dispute is answered
dunning_channel_of_step = does not fit the step
dunning_two_people = a visit needs two different people
dunning_time_of_contact = must lie between the opening of the case and now
dunning_hours = nobody is contacted before { $from } or after { $until }
dunning_time_of_delivery = must lie between the contact and now
dunning_step_not_due = the step is not due yet, or was left out
dunning_cool_down = the step may be repeated from { $day } on
dunning_one_message_a_day = the account had its message of the day
dunning_bill_not_demanded = must be bills that are due and not disputed
dunning_corrected_already = this is corrected already, or is itself a correction
dunning_delivered_already = the delivery is recorded already
referral_open = the case has a referral that is not closed
referral_needs_delivery = no demand is known to have arrived yet
referral_second_person = who put the referral together cannot approve it
referral_outcome = it cannot end so from where it stands
referral_state = the referral has not come so far, or is past it
# cashier
cashier_open_already = you have a shift open in this estate already
handover_needs_two = a count and a handover need two people
count_not_signed = the count of that shift is not signed by two people yet
count_signed = the count is signed: it stands
taken_over_already = the cash of that shift was taken over already
float_differs = the float must be what that shift left: { $left }
own_shift_only = only the cashier of the shift can do this
difference_reason = the count differs by { $difference }: say why
nothing_to_sign = there is no count to be signed
count_differs = the cashier counted { $counted }: count together
counter_cannot_lock = who counted or signed the count cannot lock the shift
cashier_locked = the shift is locked already
not_that_much_cash = only { $there } of cash is there
# bank
bank_balance_breaks = the balance after this line should be { $expected }
bank_sum_differs = opening and lines make { $expected }, the statement closes with { $closing }
bank_gap = { $known } is known to be on the account, the statement opens with { $opening }: a statement is missing
bank_lines_missing = lines of these days that are known, { $amount } together, do not stand in this statement
bank_no_header = no row names a date and an amount: map the columns
bank_bad_day = not a date: { $text }
bank_bad_amount = not an amount: { $text }
bank_no_amount = there is no amount
bank_no_lines = there is no line in it
bank_not_base64 = not Base64
bank_statement_wrong = { $number } things are wrong; the first: { $first }
bank_matched_already = the line is matched already
bank_not_matched = the line is not matched
bank_parts_differ = the parts make { $sum }, the line is { $amount }
bank_target_needed = this kind needs another target
bank_not_that_much = only { $open } of it is open in the books
bank_arrived_already = that cash has arrived already
bank_deposit_whole = the cash arrives as a whole: { $amount }
bank_refunded_already = a part of the payment was given back: it cannot be unmatched
bank_not_unallocated = this is not unallocated money
bank_rule_empty = a rule needs a payer, a number, a text or an amount
bank_rule_amount = a rule that matches by itself names an account or the exact amount
why_rule = the rule “{ $name }”
why_slip = the slip { $slip } and the amount
why_cash_amount = cash of this amount is on its way
why_book_reference = the reference { $memo } and the amount stand in the books
why_book_amount = this amount stands in the books and on no statement
why_unit_and_amount = { $unit } is named and owes exactly this much
why_unit = { $unit } is named
why_name_and_amount = the payer's name, who owes exactly this much
why_name = the payer's name
why_amount = owes exactly this much
why_fee = the text speaks of a fee
at_most_days = at most { $days } days
# closing
month_is_closed = the month { $month } is closed; date the correction in an open month
month_is_not_closed = the month { $month } is not closed
month_not_over = the month { $month } is not over
close_earlier_first = the month { $month } must be closed first
open_later_first = the later month { $month } must be opened first
closing_not_begun = the closing of { $month } was not begun
checklist_unfinished = { $items } items of the checklist are open
reopening_asked = a reopening is asked for already
reopening_not_asked = nobody has asked for a reopening
reopener_is_other = who asks for a reopening cannot agree to it
check_bill_runs = Bill runs that are not done
check_shifts = Shifts of tills that are not locked
check_bank_lines = Lines of bank statements without a match
check_payments_unknown = Payments of which nobody knows whether the money came
check_refunds_unpaid = Refunds that are approved and not paid
check_ledger_agrees = Balances that differ from their entries
check_deposits = Debtors to whom more deposit was returned than taken
check_deposits_agree = What deposits hold is not what the books say
deposits_differ = deposits hold { $held }, the books say { $ledger }: a difference of { $difference }
check_trial_balance = The trial balance is off
# owners_funds
recorder_cannot_approve = who records an item cannot approve it
common_item_decided = the item is decided already
more_than_common_income = there are only { $balance } of common income
vote_counts = must not be more than the number above it
vote_failed = the vote did not pass
more_than_approved = only { $left } are left of what was approved
more_than_in_fund = there are only { $balance } in the fund
only_for_uses = only a use names an application
use_needs_application = a use needs the application that was voted on
correction_of_nothing = must not be zero
rate_by_area = { $rate } per m² and month
rate_by_area_surcharge = { $rate } per m² and month plus { $surcharge }
# documents
# documents of arrears, leavings and the owners' funds
dunning_no_notice = this contact demanded no bill
late_fee_less_settled = { $words }; less { $settled } paid or waived before: { $due }
# documents, verified and in batches
# invoices
invoice_no_class = “{ $item }” has no tax class and cannot be invoiced
invoice_no_main_item = a late fee is invoiced with its main item
invoice_nothing = there is nothing to invoice
invoice_rate_range = a tax rate is 0 to 1
invoice_code_form = a tax class code has 19 digits
invoice_tax_number = is no valid tax number
invoiced_already = a line of these bills is on an invoice already
invoice_not_paid = only bills that are paid in full can be invoiced
invoice_deposit = deposits are never invoiced
invoice_no_seller = the company is not set as seller yet
invoice_handed_over = the request was handed over and cannot be taken back
invoice_credited = a credit invoice was asked for already
invoice_not_issued = only an issued invoice can be credited
invoice_not_exported = { $invoice } does not wait for an answer
invoice_number_form = an invoice number has 8 to 40 letters, digits or dashes
invoice_number_or_refusal = needs number and day, or why it is refused
# opening_balances
opening_no_debtor = neither an account nor a unit is named
opening_account = there is no such account in the estate
opening_unit = there is no such unit in the estate
opening_payer = nobody of that name pays for the unit
opening_several_payers = several people pay for the unit: name one of them
opening_item = there is no fee item of that code in the estate
opening_month = must be a month like 2026-03
opening_month_too_late = must be before the cut-over month
opening_due = the due date must be given and not be before the month
opening_deposit_kind = what the deposit is for must be said in 1 to 100 characters
opening_meter = there is no such meter in the estate
opening_several_meters = several meters have this number: name the unit
opening_reading = what the meter showed must be given, with no more digits than it has
opening_reading_falls = the meter showed more before
opening_reading_day = the day of the reading must be given, before the cut-over and after the last reading
opening_reading_amount = a reading has no amount
opening_repeated = an earlier row says the same
opening_other_amount = the same was brought in before with another amount or reading
opening_cut_over = the estate's cut-over month is { $month }
opening_not_draft = the opening balances are no draft any more
opening_not_posted = the opening balances are not posted
opening_two_people = whoever drafted opening balances cannot confirm them
opening_wrong_rows = { $rows ->
    [one] one row is wrong: draft it anew
   *[other] { $rows } rows are wrong: draft them anew
}
opening_nothing_new = there is nothing new to post
opening_totals = the totals are not those of the rows
opening_too_early = the day before the cut-over is still to come
opening_overtaken = other opening balances brought the same in meanwhile: draft them anew
opening_used = something of it is paid or used already
opening_deposit_moved = a deposit of it was deducted from, returned or promised to somebody since
opening_meter_moved = a meter was read or removed meanwhile: draft the readings anew
opening_reading_charged = what was used after a reading of it is charged already, or the reading was corrected
opening_line = Opening balance

# receipt_mail
mail_address = must be an e-mail address
mail_receipt = Receipt
mail_deposit_receipt = Deposit receipt
mail_refund_receipt = Refund receipt
mail_number = Number
mail_day = Day
mail_payer = Paid by
mail_amount = Amount
mail_in_words = In capitals
mail_stop = You get the receipts of { $estate } by e-mail because you asked for them. You can stop them in the app at any time.
mail_charge_failed = Automatic payment failed
mail_bill = Bill
mail_next = What happens next
mail_tried_again = We will try again on { $day }. You can also pay the bill yourself before that.
mail_not_tried_again = We will not try again. Please pay the bill in another way.
mail_failure_stop = You get this mail because the receipts of { $estate } go to this address. You can stop them in the app at any time.
# book_exports
too_many_months = must be at most { $most } months

# auto_pay
auto_pay_consent = I agree that my card is saved with the payment provider and charged for each bill of this account on the day it falls due, up to the limit I set for one bill. I can take this back at any time in the app or at the counter; nothing is charged from then on.
auto_pay_read_again = these are not the present words of the consent
