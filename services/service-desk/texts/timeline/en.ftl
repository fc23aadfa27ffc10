complaint = Complaint { $number }
call_back = A missed call to return
revisit = Asked about { $summary }
visit = Visit to { $who }
