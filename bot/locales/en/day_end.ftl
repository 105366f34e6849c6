# Who may have forgotten to clock out, and the day's summary.

button-ended-earlier = ⏱ It ended earlier
notice-shift-overdue =
    ⏱ <b>Your shift has been running since { $since }.</b> That is { $count ->
        [one] an hour
       *[other] { $count } hours
    }, longer than usual for you. Did you forget to clock out?

    Tell me when it really ended. If you are still at work, just carry on.

day-summary-title = 🌙 <b>{ $date }</b>
day-summary-total = { $count ->
    [one] One shift
   *[other] { $count } shifts
} · sold ${ $sales } · made ${ $made }
day-summary-person = { $name }: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, sold ${ $sales }, made ${ $made }
day-summary-total-sold = { $count ->
    [one] One shift
   *[other] { $count } shifts
} · sold ${ $sales }
day-summary-person-sold = { $name }: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, sold ${ $sales }
day-summary-more = { $count ->
    [one] and one more person
   *[other] and { $count } more people
}
day-summary-running = On shift now:
day-summary-since = 🟢 { $name } since { $since }
