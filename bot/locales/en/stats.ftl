# Statistics and their picture, ranks, one's own shifts, the balance.

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-of-year = { $month } { $year }

stats-title = 📊 <b>{ $month }</b>
stats-rank = { $emoji } <b>{ $name }</b>
stats-sales = Sales this month: <b>${ $amount }</b>, { $count ->
    [one] one shift
   *[other] { $count } shifts
}
stats-refunded = ↩️ ${ $refunded } of it was refunded: <b>{ $counted }</b> counts for the rank
stats-next-rank = Next rank: { $emoji } { $name }, ${ $missing } to go
stats-top-rank = You hold the highest rank there is.
stats-made = Made on shifts since { $since }: <b>${ $amount }</b>
stats-next-pay-day = Next pay day: { $date }
stats-average = Rolling average: ${ $amount } of sales a shift, over your last 7, the newest counting most

chart-title = Sales per day
chart-nothing = No sales yet this month
chart-top-rank = Highest rank

ranks-title = 🏆 <b>Ranks, { $month }</b>
ranks-rank = { $emoji } <b>{ $name }</b>
ranks-rank-here = 👉 { $emoji } <b>{ $name }</b>
ranks-range = ${ $from } to under ${ $to }
ranks-range-top = ${ $from } and more
ranks-bonuses = 🎁 one of: { $bonuses }
ranks-no-bonus = no bonus
ranks-standing = Your sales this month: <b>${ $amount }</b>
ranks-missing = ${ $missing } to go to { $emoji } { $name }.
ranks-waiting = Waiting for you: { $bonuses }

history-title = <b>Your shifts</b>
history-title-page = <b>Your shifts</b> · page { $page } of { $pages }
history-shift =
    <b>{ $date }</b>, { $start }–{ $end }, { $hours } h
    Sales ${ $sales } · made <b>${ $made }</b>
history-shift-sold =
    <b>{ $date }</b>, { $start }–{ $end }, { $hours } h
    Sales ${ $sales }
history-empty = You have no shifts yet. Tap “Create shift” in the main menu to log one.
history-hint = Tap one below for its receipt.
button-history-shift = { $date } · ${ $amount }
button-newer = ◀ Newer
button-older = Older ▶

balance-title = 💵 You are owed <b>${ $amount }</b>
balance-nothing = 💵 Nothing is owed to you right now.
balance-negative = 💵 You owe <b>${ $amount }</b>. It is settled with what you make next.
balance-page = Page { $page } of { $pages }
balance-hint = Tap one below for what it is about.
balance-period = Pay period <b>{ $start } – { $end }</b>
balance-line =
    <b>{ $day } · { $amount }</b>
    { $reason }
balance-credit = +${ $amount }
balance-debit = −${ $amount }
button-booking = { $day } · { $amount }
