contact_closed = the contact was answered already or has become something else
suggestion_is_decided = a suggestion is adopted or explained, not answered
no_open_suggestion = there is no suggestion that waits for a decision
owner_already = has the contact already
not_offered = the contact is somebody else's and was not handed over to you
not_in_the_future = must not lie in the future
not_before_the_contact = must not lie before the contact
sent_by_a_resident = a resident sent this, and stays who it was
letter_answer_title = An answer to your question
called_back = the call was returned already
for_the_desk = is filled in by the desk only
for_residents = is for what residents send themselves
missed_call = Missed call

# What the desk says, by the kind of a contact
script_inquiry =
    Good day, this is the customer service of { $estate }. How may I help you?
    Repeat the question in your own words. Answer it from the notices and price lists in force.
    Ask whether that answers it, thank them, and let the caller hang up first.
script_inquiry_passed_on =
    Good day, this is the customer service of { $estate }. How may I help you?
    I do not want to guess: I pass your question to the colleague in charge and stay responsible for it.
    Repeat name, unit and phone. Say by when the answer comes.
script_help_request =
    Good day, this is the customer service of { $estate }. Is anybody hurt or in danger?
    In danger: call 119, 110 or 120 at once, then the guard post. Repeat the exact place.
    Stay on the line until somebody is on the way, and say who it is.
script_paid_service =
    Good day, this is the customer service of { $estate }. Which service would you like?
    Name the price from the list before anything is agreed, and what it includes.
    Repeat unit, time and price. Work begins only after the quote is confirmed.
script_suggestion =
    Good day, this is the customer service of { $estate }. Thank you for thinking of the estate.
    Take the suggestion down in the caller's words and read it back.
    We look into it and tell you whether it is taken up, or why not.
script_complaint =
    Good day, this is the customer service of { $estate }. I am sorry that this happened to you.
    Listen to the end; do not argue and do not name somebody to blame. Ask for time, place and what is wanted.
    Repeat the facts. Say who looks into it and when you will hear from us. Move a heated talk to a separate room.
script_repair =
    Good day, this is the customer service of { $estate }. What is broken, and where?
    Water, electricity or gas leaking: tell them how to shut it off; somebody is on site within 30 minutes.
    Otherwise agree on a time. Say whether the part is public or private; private work is quoted first.
