changed_meanwhile = somebody else changed it just now; read it again and try again
month_not_over = must be a month that is over
