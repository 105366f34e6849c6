# Reports for admins, and the month's leaderboard.

desk-reports = 📊 Reports

reports-title = 📊 <b>Reports</b>
reports-hint = Of which dates?
button-report-period = This pay period
button-report-period-before = Last pay period
button-report-month = This month
button-report-month-before = Last month
button-dates = Other dates
button-leaderboard = 🏁 Leaderboard
button-report-by-people = By person
button-report-by-days = By day
button-report-by-products = By model
button-csv = CSV
button-month-before = ‹ Month before
button-month-after = Month after ›
ask-dates-since = From which day on? Pick one, or type a date like 2026/11/01.
ask-dates-until-typed = Up to and including which day? Type a date like 2026/11/30.
ask-dates-until = Up to and including which day? Pick one, or type a date like 2026/11/30.

report-head-people = 📊 <b>By person, { $since } – { $until }</b>
report-head-days = 📊 <b>By day, { $since } – { $until }</b>
report-head-products = 📊 <b>By model, { $since } – { $until }</b>
report-empty = No shifts on these dates.
report-person = • <b>{ $name }</b>: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, { $hours } h, sales { $sales }, made <b>{ $made }</b>
report-day = • <b>{ $date }</b>: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, { $hours } h, sales { $sales }, made <b>{ $made }</b>
report-day-sold = • <b>{ $date }</b>: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, { $hours } h, sales { $sales }
report-product = • <b>{ $name }</b>: { $sales } on { $count ->
    [one] one shift
   *[other] { $count } shifts
}
report-product-refunded = • <b>{ $name }</b>: { $sales } on { $count ->
    [one] one shift
   *[other] { $count } shifts
}, { $refunded } refunded
report-totals = Together: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, { $hours } h, sales <b>{ $sales }</b>, made <b>{ $made }</b>
report-totals-sold = Together: { $count ->
    [one] one shift
   *[other] { $count } shifts
}, { $hours } h, sales <b>{ $sales }</b>
report-made-is = Made: the pay for these shifts. Days off, refunds and what is given or taken by hand stand in the statements.
report-totals-products = Together: sales <b>{ $sales }</b>
report-file = 📊 { $name }

leaderboard-title = 🏁 <b>Leaderboard, { $month }</b>
leaderboard-place = { $place } <b>{ $name }</b> · { $sales }
leaderboard-empty = Nobody has sold anything in that month.
notice-leaderboard = 🏁 <b>{ $month } is over. Who sold most:</b>
notice-leaderboard-own = You: place { $place } with { $sales }.
