complaint = 投诉 { $number }
call_back = 未接来电回拨
revisit = 回访：{ $summary }
visit = 走访：{ $who }
