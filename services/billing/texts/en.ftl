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

# opening_balances
opening_no_debtor = neither an account nor a unit is named
opening_unit = there is no such unit in the estate
opening_payer = nobody of that name pays for the unit
opening_several_payers = several people pay for the unit: name one of them
opening_item = there is no fee item of that code in the estate
opening_month = must be a month like 2026-03
opening_month_too_late = must be before the cut-over month
opening_due = the due date must be given and not be before the month
opening_deposit_kind = what the deposit is for must be said in 1 to 100 characters
opening_repeated = an earlier row says the same
opening_other_amount = the same was brought in before with another amount
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

# auto_pay
auto_pay_consent = I agree that my card is saved with the payment provider and charged for each bill of this account on the day it falls due, up to the limit I set for one bill. I can take this back at any time in the app or at the counter; nothing is charged from then on.
auto_pay_read_again = these are not the present words of the consent
