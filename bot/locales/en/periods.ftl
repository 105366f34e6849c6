# Pay periods as admins see them: the list, one period, closing, opening again, paying, reminding.

desk-periods = 🗓 Pay periods

periods-title = 🗓 <b>Pay periods</b>
periods-hint =
    🟢 open · ⏰ over, to be closed · 🔒 closed, to be paid · ✅ paid

    Tap one to see everybody in it.
button-period-all-open = 🟢 { $start } – { $end }
button-period-all-overdue = ⏰ { $start } – { $end }
button-period-all-closed = 🔒 { $start } – { $end }
button-period-all-paid = ✅ { $start } – { $end }

period-title = 🗓 <b>Pay period { $start } – { $end }</b>
period-pay-day = Pay day: { $date }
period-overdue = ⏰ <b>It is over and waits to be closed.</b>
admin-overdue = ⏰ The pay period { $start } – { $end } is over and waits to be closed.
period-count = { $open } open · { $closed } closed · { $paid } paid
period-confirmed = { $confirmed } of { $all } have said that it is complete.
period-nobody = Nobody takes part in it.
period-person-open = 🟢 <b>{ $name }</b> · balance { $amount }
period-person-closed = 🔒 <b>{ $name }</b> · balance { $amount }
period-person-paid = ✅ <b>{ $name }</b> · paid { $amount }
period-person-open-unpriced = 🟢 <b>{ $name }</b>
period-person-closed-unpriced = 🔒 <b>{ $name }</b>
period-person-paid-unpriced = ✅ <b>{ $name }</b>
period-due = <b>{ $amount }</b> due, { $less }
period-paid-of = closed with { $amount }
due-paid-since = less { $amount } paid out since
due-taken-back = less { $amount } taken back since
period-says-complete = complete
period-says-nothing = not confirmed
period-says-missing = missing: “{ $text }”
period-running = 🏃 on shift
period-left = left on { $date }
period-person-line = { $person } · { $rest }
button-period-open = 🟢 { $name }
button-period-closed = 🔒 { $name }
button-period-paid = ✅ { $name }
button-remind = 🔔 Remind who has not confirmed
button-close-everybody = 🔒 Close for everybody
button-pay-everybody = 💵 Pay everybody
button-close = 🔒 Close
button-reopen = Open again
button-pay = 💵 Pay

person-period-title = <b>{ $name }</b>
person-period-dates = Pay period { $start } – { $end }, pay day { $date }
person-period-open = 🟢 Open
person-period-closed = 🔒 Closed on { $date }
person-period-paid = ✅ Paid on { $date }: <b>{ $amount }</b>
person-period-paid-unpriced = ✅ Paid on { $date }
person-period-unpriced = What it comes to is for the owner to see. What is due is shown when it is paid.
person-period-complete = They have said that it is complete.
person-period-silent = They have not said yet whether it is complete.
person-period-missing = They say something is missing: “{ $text }”
person-period-shifts = { $count ->
    [0] No shifts
    [one] 1 shift
   *[other] { $count } shifts
}
person-period-running = 🏃 A shift of theirs that began in it is still running.
person-period-earlier = An earlier period of theirs is still open: { $date }.
person-period-opening = Opening balance: { $amount }
person-period-earned = Earned in it: { $amount }
person-period-paid-out = Paid out in it, for earlier ones: { $amount }
person-period-closing = Closing balance: <b>{ $amount }</b>
person-period-due = Due: <b>{ $amount }</b>, { $less }
person-period-unpaid = { $amount } of that was taken back, or paid with another period.

close-title = 🔒 <b>Close { $start } – { $end }</b>
close-sure = Close for { $count ->
    [one] one person
   *[other] { $count } people
}? Every amount is fixed then, and whoever has something in it gets the statement.
close-nothing = There is nothing to close now.
close-line = • { $name }: balance { $amount }
close-line-unpriced = • { $name }
close-left-out = Stay open:
close-left-out-running = • { $name }: a shift is running
close-left-out-earlier-open = • { $name }: the period from { $date } is still open
close-undecided = 🏖 Not decided yet, under Requests; approved after the close, it is booked in the open pay period:
close-undecided-day-off = • { $name }: a day off on { $day }
close-already = { $count ->
    [one] One person’s is closed already.
   *[other] { $count } people’s are closed already.
}
close-done = 🔒 Closed for { $count ->
    [one] one person.
   *[other] { $count } people.
} { $told }
close-told-all = Their statements are on the way.
close-told-some = { $count ->
    [0] There is nothing in it, so no statements go out.
    [one] One statement is on the way.
   *[other] { $count } statements are on the way.
}
close-late = Nothing was left to close: somebody was faster.

ask-reopen-reason = Why does <b>{ $name }</b>’s pay period { $start } – { $end } have to be opened again? They will read it. Type a few words.
ask-reopen-sure = Open <b>{ $name }</b>’s pay period { $start } – { $end } again? They can change their shifts in it until it is closed once more.
reopen-done = 🟢 <b>{ $name }</b>’s pay period { $start } – { $end } is open again. Their message is on the way.

pay-title = 💵 <b>Pay out what is due</b>
pay-line = • { $name }: <b>{ $amount }</b>, { $start } – { $end }
pay-line-less = { $line }: closed with { $closing }, { $less }
pay-total = Together: <b>{ $amount }</b>
pay-sure = Mark as paid? Do it once the money is on its way: it is booked at once and cannot be taken back.
pay-nothing = Nothing is due right now: no closed pay period waits to be paid.
pay-own = Yours is for another admin to pay: { $amount }.
pay-done = 💵 Booked as paid. A message is on the way to whoever gets something.
pay-late = Nothing was left to pay: somebody was faster.

remind-sure = Ask { $count ->
    [one] this person
   *[other] these { $count } people
} whether their pay period { $start } – { $end } is complete?
remind-line = • { $name }
remind-nobody = Nobody is left to remind.
remind-done = { $count ->
    [one] One person has been asked.
   *[other] { $count } people have been asked.
}

notice-period-missing = ✏️ <b>{ $employee }</b> says that something is missing in the pay period { $start } – { $end }: “{ $text }”
notice-periods-wait = 🗓 Pay day! The pay period { $start } – { $end } waits to be closed for { $count ->
    [one] one person.
   *[other] { $count } people.
}
notice-periods-wait-silent = { $count ->
    [one] One of them has not said yet whether it is complete.
   *[other] { $count } of them have not said yet whether it is complete.
}
button-show-period = Show the pay period
