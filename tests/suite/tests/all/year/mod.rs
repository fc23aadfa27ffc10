//! Eight months of one estate on one calendar: the handbook's scenarios S1, S2, S5, S6, S7 and
//! the tap of S10 with every figure on its day, told by the people who do the work. All services run
//! in this process; everything is entered through their graphs, and what belongs to services that are
//! not built yet (permits, parking) by the events of their contracts. S7's half-year collection rate is a
//! function test with data of its own (`billing/src/rates`).

mod acts;
mod arrears;
mod books;
mod handover;
mod homes;
mod moving_out;
mod office;
mod opening;
mod parking;
mod renovation;
mod special_service;

use books::Says;
use futures::future::BoxFuture;
use office::Office;

type Act = for<'o> fn(&'o Office) -> BoxFuture<'o, ()>;

/// What happens on which day; acts of one day in their order.
const CALENDAR: &[(&str, Act)] = &[
    ("2026-06-01", |it| Box::pin(opening::homes_are_entered(it))),
    ("2026-06-01", |it| Box::pin(opening::prices_are_approved(it))),
    ("2026-06-01", |it| Box::pin(opening::the_contract_is_entered(it))),
    ("2026-06-01", |it| Box::pin(arrears::are_taken_over(it))),
    ("2026-06-01", |it| Box::pin(moving_out::a_meter_is_registered(it))),
    ("2026-06-05", |it| Box::pin(books::are_closed(it, "2026-05", MAY))),
    ("2026-06-07", |it| Box::pin(arrears::are_followed_up(it))),
    ("2026-06-10", |it| Box::pin(arrears::a_complaint_holds_the_ladder(it))),
    ("2026-06-11", |it| Box::pin(handover::june_is_divided(it))),
    ("2026-06-17", |it| Box::pin(parking::a_space_is_leased(it))),
    ("2026-06-18", |it| Box::pin(parking::the_first_payment(it))),
    ("2026-06-30", |it| Box::pin(moving_out::water_is_billed(it, "2026-06", "1284", "30.80"))),
    ("2026-06-30", |it| Box::pin(arrears::the_statement_of_june(it))),
    ("2026-06-30", |it| Box::pin(arrears::a_payment_without_a_word(it))),
    ("2026-06-30", |it| Box::pin(arrears::a_payment_for_the_second_quarter(it))),
    ("2026-07-01", |it| Box::pin(it.bills_month("2026-07", 6, "4893.81"))),
    ("2026-07-01", |it| Box::pin(handover::the_quarter_is_billed(it))),
    ("2026-07-01", |it| Box::pin(parking::the_quarter_is_paid_ahead(it))),
    ("2026-07-02", |it| Box::pin(renovation::is_permitted(it))),
    ("2026-07-03", |it| Box::pin(renovation::is_paid(it))),
    ("2026-07-05", |it| Box::pin(moving_out::a_card_is_lent(it))),
    ("2026-07-05", |it| Box::pin(books::are_closed(it, "2026-06", JUNE))),
    ("2026-07-10", |it| Box::pin(pay_on_time(it, "2026-07", &SUMMER))),
    ("2026-07-12", |it| Box::pin(arrears::the_complaint_is_answered(it))),
    ("2026-07-16", |it| Box::pin(handover::is_followed_up(it, 1))),
    ("2026-07-21", |it| Box::pin(renovation::rubbish_is_cleared(it))),
    ("2026-07-22", |it| Box::pin(handover::is_followed_up(it, 2))),
    ("2026-07-26", |it| Box::pin(renovation::nothing_is_kept_yet(it))),
    ("2026-07-27", |it| Box::pin(renovation::the_cost_is_kept(it, "1850.00"))),
    ("2026-07-30", |it| Box::pin(handover::is_followed_up(it, 3))),
    ("2026-07-31", |it| Box::pin(moving_out::water_is_billed(it, "2026-07", "1295", "30.80"))),
    ("2026-07-31", |it| Box::pin(arrears::the_statement_of_july(it))),
    ("2026-07-31", |it| Box::pin(special_service::a_tap_is_changed(it))),
    ("2026-08-05", |it| Box::pin(books::are_closed(it, "2026-07", JULY))),
    ("2026-08-05", |it| Box::pin(renovation::a_lift_is_repaired(it))),
    ("2026-08-11", |it| Box::pin(renovation::the_cost_is_kept(it, "1470.00"))),
    ("2026-08-12", |it| Box::pin(parking::a_visitor_parks(it))),
    ("2026-08-14", |it| Box::pin(handover::is_followed_up(it, 4))),
    ("2026-08-15", |it| Box::pin(arrears::an_instalment_is_paid(it, "129.97", "259.93"))),
    ("2026-08-20", |it| Box::pin(parking::the_space_is_given_up(it))),
    ("2026-08-24", |it| Box::pin(handover::the_quarter_is_paid_late(it))),
    ("2026-08-31", |it| Box::pin(moving_out::water_is_billed(it, "2026-08", "1307", "33.60"))),
    ("2026-09-05", |it| Box::pin(books::are_closed(it, "2026-08", AUGUST))),
    ("2026-09-15", |it| Box::pin(arrears::an_instalment_is_paid(it, "129.97", "129.96"))),
    ("2026-09-30", |it| Box::pin(moving_out::water_is_billed(it, "2026-09", "1318", "30.80"))),
    ("2026-10-01", |it| Box::pin(it.bills_month("2026-10", 5, "3843.81"))),
    ("2026-10-05", |it| Box::pin(books::are_closed(it, "2026-09", SEPTEMBER))),
    ("2026-10-10", |it| Box::pin(pay_on_time(it, "2026-10", &AUTUMN))),
    ("2026-10-14", |it| Box::pin(renovation::a_pass_is_lost(it))),
    ("2026-10-15", |it| Box::pin(moving_out::notice_is_given(it))),
    ("2026-10-15", |it| Box::pin(arrears::an_instalment_is_paid(it, "129.96", "0.00"))),
    ("2026-10-15", |it| Box::pin(arrears::the_plan_was_kept(it))),
    ("2026-10-18", |it| Box::pin(moving_out::the_lessee_leaves(it))),
    ("2026-10-20", |it| Box::pin(renovation::is_accepted_first(it))),
    ("2026-11-05", |it| Box::pin(books::are_closed(it, "2026-10", OCTOBER))),
    ("2026-12-05", |it| Box::pin(books::are_closed(it, "2026-11", WINTER))),
    ("2027-01-01", |it| Box::pin(it.bills_month("2027-01", 5, "3843.81"))),
    ("2027-01-05", |it| Box::pin(books::are_closed(it, "2026-12", WINTER))),
    ("2027-01-10", |it| Box::pin(pay_on_time(it, "2027-01", &NEW_YEAR))),
    ("2027-01-20", |it| Box::pin(renovation::is_accepted_finally(it))),
    ("2027-01-31", |it| Box::pin(arrears::the_neighbour_is_behind_again(it))),
    ("2027-01-31", |it| Box::pin(books::agree(it))),
    ("2027-01-31", |it| Box::pin(books::show_the_collection(it, "9510.96", "9035.73", "95.00"))),
];

/// Who pays a quarter within its ten days: the person, the home, the amount.
type Payers = [((&'static str, &'static str), &'static str)];

const LESSEE: ((&str, &str), &str) = ((moving_out::LESSEE, moving_out::HOME), "1221.63");
const WIFE: ((&str, &str), &str) = ((parking::WIFE, parking::HOME), "835.86");
const DEBTOR: ((&str, &str), &str) = ((arrears::OWNER, arrears::HOME), "475.23");
const BUYER: ((&str, &str), &str) = ((handover::OWNER, handover::HOME), "835.86");
const SUMMER: [((&str, &str), &str); 4] =
    [LESSEE, WIFE, DEBTOR, ((arrears::OTHER, arrears::NEXT), "475.23")];
const AUTUMN: [((&str, &str), &str); 4] = [LESSEE, WIFE, DEBTOR, BUYER];
const NEW_YEAR: [((&str, &str), &str); 4] =
    [((moving_out::OWNER, moving_out::HOME), "1221.63"), WIFE, DEBTOR, BUYER];

async fn pay_on_time(it: &Office, month: &str, who: &Payers) {
    for (payer, amount) in who {
        it.pays_bill(*payer, month, amount).await;
    }
}

/// The arrears that came over are the first that is in the books.
const MAY: Says = Says {
    charged: ["0.00", "0.00"],
    arrears: ["0.00", "0.00"],
    open: "1900.92",
    deposits: "0.00",
};
/// 278.62 for the home handed over, 151.67 for the space, 30.80 for water. Of the arrears
/// 475.23 + 85.33 and 475.23 + 106.71 came in.
const JUNE: Says = Says {
    charged: ["461.09", "461.09"],
    arrears: ["1900.92", "1142.50"],
    open: "758.42",
    deposits: "50.00",
};
/// 2 × 278.62 + 407.21 + 2 × 158.41 of the property fee, 350.00 for the space, 504.24 for the
/// renovation, 30.80 for water, 113.00 for a tap; one home owes its 278.62 and the quarter it is of.
const JULY: Says = Says {
    charged: ["2279.31", "2000.69"],
    arrears: ["758.42", "368.52"],
    open: "1225.76",
    deposits: "2250.00",
};
/// 1,281.27 of the property fee, 350.00 for the space, 33.60 for water. Days that are given back
/// are not in what was charged and came in: 124.19 here, 350.00 in September, and of the home that
/// changed hands 170.77 in October and 407.21 in each month after it.
const AUGUST: Says = Says {
    charged: ["1540.68", "1540.68"],
    arrears: ["1225.76", "965.83"],
    open: "259.93",
    deposits: "1820.00",
};
const SEPTEMBER: Says = Says {
    charged: ["1312.07", "1312.07"],
    arrears: ["259.93", "129.97"],
    open: "129.96",
    deposits: "1820.00",
};
/// With 74.00 for water; 8-1-0803 pays nothing any more.
const OCTOBER: Says = Says {
    charged: ["1355.27", "1196.86"],
    arrears: ["129.96", "129.96"],
    open: "475.23",
    deposits: "1470.00",
};
/// November and December alike.
const WINTER: Says = Says {
    charged: ["1281.27", "1122.86"],
    arrears: ["475.23", "0.00"],
    open: "475.23",
    deposits: "1470.00",
};

#[test]
fn the_scenarios_happen_on_one_calendar_from_june_to_january() {
    testkit::run(async {
        let office = Office::opens("2026-06-01", ("FCH", "翡翠湖畔花园")).await;
        for (day, act) in CALENDAR {
            office.on(day);
            act(&office).await;
        }
    });
}
