second_person = who prepared a settlement cannot decide it
already_decided = the settlement was decided already
nothing_to_settle = the partner has no paid order and no claim to settle for this month
order_of_partner = an order of a special service that this partner did
line_order = labour { $base } × { $percent } % = { $amount }
line_claim = damage claim: { $amount }
day_passed = today or a day before
line_refund = share of a refunded order: { $amount }
refunded = the order was refunded after it was settled
