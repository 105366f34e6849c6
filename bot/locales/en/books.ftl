# What the bot does by itself: checks of the books, and other work that is due.

books-agree = 📒 The books agree. Checked: { $at }
books-differ = 📒 <b>The books differ in { $count ->
    [one] one place
   *[other] { $count } places
}.</b> Nothing is closed or paid out until that is put right. Checked: { $at }
books-unchecked = 📒 The books have not been checked yet.
books-difference = { $subject }: { $what }
books-line = • { $subject }: { $what }
books-more = … and { $count } more

books-subject-shift = shift { $id }
books-subject-bonus = bonus { $id }
books-subject-period = the pay period { $id }
books-subject-adjustment = adjustment { $id }
books-subject-refund = refund { $id }
books-subject-line = ledger line { $id }
books-subject-correction = correction request { $id }
books-subject-audit = row { $id } of the log
books-subject-employee = employee { $id }

books-check-worked-seconds = the time worked is not the time between its clocks
books-check-worked-hours = the hours shown are not the time worked
books-check-total-sales = the total is not the sum of its models
books-check-net-sales = the net sales are not the total less the platform’s cut
books-check-dynamic-pct = the dynamic rate is not that of the day’s sales
books-check-commission-pct = the rate is not the sum of its parts
books-check-total-per-hour = the hourly pay is not the time times the wage
books-check-commissions = the commissions are not the net sales times the rate
books-check-bonus-pay = the bonus pay is not the sum of its bonuses
books-check-total-made = what it made is not the sum of its parts
books-check-refunded = its refunds took something else than its rate makes
books-check-booked = the ledger does not hold what it made
books-check-chain = a balance is not the one before it with its line
books-check-bonus-amount = it pays something else than it says
books-check-bonus-use = it is used in the wrong place, or more than once
books-check-period = its closed balances are not those of the ledger
books-check-closed = the last closed day is not that of the closed periods
books-check-payout = what was paid out is not what the ledger says
books-check-bonus-award = it does not belong to the rank it was drawn for
books-check-audit = the log of changes does not have it as it is
books-check-audit-chain = the log was changed here, or right before it
books-check-wage = its wage or base rate never held on its date
books-check-wages = wages or base rates are not those that were set
books-check-shift-date = its date is not that of its clock-in
books-check-line-period = it is in no pay period of then
books-check-rank = the rank is not that of the month’s sales

notice-books-differ = ⚠️ <b>The books differ in { $count ->
    [one] one place
   *[other] { $count } places
}.</b> Nothing is closed or paid out until that is put right.
notice-books-agree = 📒 The books agree again.
notice-job-failed = ⚠️ { $job } failed ({ $period }). I try again by myself; the log says what went wrong.
notice-unsafe-database = ⚠️ <b>The database could lose what it has saved</b> if the power fails: { $settings }. Whoever runs the server should change that; <code>{ $command }</code> says how.
job-reconcile = The check of the books
job-purge = The cleaning up of old messages
job-overdue = The question to whom is on shift for long
job-day-summary = The summary of the day
job-server = The look at the database server
job-confirm = The reminder to confirm the pay period
job-pay-day = The reminder of the pay day
job-leaderboard = The message about the month’s leaderboard
