# Statements and reports, as messages and as files. Amounts, percents and dates come as finished text.

statement-title = Statement { $period }
statement-headline = 📄 <b>Statement { $period }</b>
statement-period = { $from } to { $to }
statement-state-open = Open: this is how it stands now
statement-state-closed = Closed
statement-state-closed-on = Closed on { $date }
statement-state-due = Closed on { $date } · to be paid: { $amount }
statement-state-less = { $state }, { $less }
statement-state-paid = Paid
statement-state-paid-on = Paid on { $date }: { $amount }
statement-state-paid-on-less = Paid on { $date }: { $amount }, less { $less } taken back or paid with another period
statement-state-settled-on = Settled on { $date }: nothing was due
statement-state-settled-on-less = Settled on { $date }: its { $less } were taken back or paid with another period
statement-left = Left on { $date }
statement-pay-day = Pay day: { $date }
statement-bold = <b>{ $text }</b>
statement-row = { $label }: { $amount }
statement-part = · { $label }: { $amount }

statement-opening = Opening balance
statement-made = { $count ->
    [0] No shifts
    [one] Made on 1 shift
   *[other] Made on { $count } shifts
}
statement-hourly = Hourly
statement-commissions = Commissions
statement-shift-bonuses = Bonuses
statement-taken-over = Taken over from the old sheet
statement-paid-before = Paid before
statement-elsewhere = Corrected in another period
statement-kind-correction = Corrections of closed periods
statement-kind-bonus = Bonuses given
statement-kind-paid-day-off = Paid days off
statement-kind-flat-at-leaving = Bonuses paid at leaving
statement-kind-deduction = Deductions
statement-kind-refund = Refunds
statement-kind-payout = Payouts
statement-closing = Closing balance

statement-shifts = Shifts
statement-other-lines = Other entries
statement-shift = Shift { $id } · { $date }
statement-shift-times = { $clocks } · { $hours } h at { $wage }
statement-shift-sales = Sales { $sales }, net { $net } (less { $cut })
statement-shift-no-sales = No sales
statement-shift-pay = Hourly { $hourly } + commissions { $commissions } at { $pct } ({ $parts })
statement-shift-made = Made: { $amount }
statement-shift-note = Note: { $note }

statement-shift-of = shift { $id } of { $date }
statement-line-correction = Correction of { $shift }, whose period was closed
statement-line-correction-period = Correction of { $shift }, in the closed period from { $since }
statement-line-bonus = Bonus
statement-line-bonus-shift = Bonus for { $shift }
statement-line-deduction = Deduction
statement-line-deduction-shift = Deduction for { $shift }
statement-line-paid-day-off = Paid day off on { $date }
statement-line-flat-at-leaving = Flat bonus that was waiting, paid at leaving
statement-line-refund = Pay for { $sale } of { $product } that was refunded, { $shift }
statement-line-refund-withdrawn = Pay for { $sale } of { $product } given back, as its refund was withdrawn, { $shift }
statement-line-payout = Paid out for the period from { $date }
statement-line-bonus-gone = { $line }; went back: { $bonus }, { $amount }
statement-line-bonus-come = { $line }; came: { $bonus }, { $amount }
statement-line-why = { $line }: { $why }

# Lines of the ledger that a statement sums up with their shift.

ledger-shift-recorded = Pay for { $shift }
ledger-shift-edited = Correction of { $shift }
ledger-shift-deleted = Pay for { $shift } taken back, as it was deleted
ledger-shift-moved = Pay for { $shift } worked out again, as { $mover } changed
ledger-bonus-applied = Bonus used on { $shift }
ledger-shift-imported = Pay for { $shift }
ledger-shift-re-priced = Pay for { $shift } worked out again, at other rates
ledger-rank-settled = A rank’s bonus on { $shift }
ledger-of-models = { $line }: { $models }
ledger-models-more = { $models } and { $count } more

statement-person = Employee No. { $id }
statement-units = Amounts in USD, times of { $zone }
paper-page = Page { $page } of { $pages }
statement-total = Total
statement-detail-terms = Hourly wage { $wage } · platform { $cut } · rate { $parts }
statement-column-number = Shift
statement-column-date = Date
statement-column-time = Time
statement-column-hours = Hours
statement-column-product = Sold
statement-column-sales = Sales
statement-column-net = Net
statement-column-rate = Rate
statement-column-made = Made
statement-column-booked = Booked on
statement-column-what = What for
statement-column-amount = Amount
statement-column-clock-in = Clock in
statement-column-clock-out = Clock out
statement-column-total-sales = Total sales
statement-column-wage = Hourly wage
statement-column-cut = Platform %
statement-column-base = Base %
statement-column-dynamic = Dynamic %
statement-column-pct = %
statement-column-kind = Kind
statement-column-bonus-text = What bonuses
statement-column-note = Note
statement-sheet = Statement
statement-label-name = Name
statement-label-id = Employee No.
statement-label-state = State
statement-label-pay-day = Pay day
statement-label-left = Left on

report-title-people = By person, { $period }
report-title-days = By day, { $period }
report-title-products = By product, { $period }
report-title-leaderboard = Leaderboard, { $period }
report-sheet-people = People
report-sheet-days = Days
report-sheet-products = Products
report-sheet-leaderboard = Leaderboard
report-column-id = No.
report-column-name = Name
report-column-shifts = Shifts
report-column-people = People
report-column-refunded = Refunded
report-column-place = Place
