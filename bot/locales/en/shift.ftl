# Recording a shift.

button-today = Today, { $date }
button-yesterday = Yesterday, { $date }
button-before-change = Before
button-after-change = After
button-yes = Yes
button-back = Back
button-no-sales = No sales
button-sold = { $product } · { $amount }
button-save-shift = Save shift
button-end-now = Now, { $clock }
button-discard = 🗑 Drop this shift

form-day = 📅 { $date }
form-start = 🟢 Start: { $at }
form-end = 🏁 End: { $at }

form-which-day = When did your shift start? If it was longer ago, type the date, like <b>10 Nov</b> or <b>Sunday</b>, with the time if you like.
form-which-day-edit = When did it start? Tap the day, or type the time, the date, or both: <b>8:30</b>, <b>28 Nov</b>, <b>28 Nov 8:30</b>.
form-moves = This moves the shift from <b>{ $old }</b> to <b>{ $new }</b>.
form-moves-month = It counts for { $month } then.
form-moves-period = It is paid with the pay period { $start } – { $end } then.
form-moves-sure = Is that right?
form-day-sure = <b>{ $date }</b> is more than a month ago. Is that the right day? If not, just type the right one.
form-which-start = What time did it start? Tap an hour, or type a time like <b>8:30</b> or <b>8:30 pm</b>.
form-which-end = What time did it end? Tap an hour, or type a time like <b>20:15</b> or <b>8:15 pm</b>.
form-which-end-running = What time did you really stop? Tap an hour, or type a time like <b>20:15</b> or <b>8:15 pm</b>.
form-which-of-ends = You finished this shift at { $clock }, but it was not saved and has been running on. When did it really end? Tap a button, or type a time like <b>20:15</b> or <b>8:15 pm</b>.
form-twice = The clocks went back that night, so { $clock } came twice. Was it before or after the clocks went back?
form-sure = That makes <b>{ $hours } h { $minutes } min</b>, longer than usual. Is that right?
form-which-product = Which model did you sell?
form-which-more = Anything else? Tap a model to add it, or to change its amount.
form-amount = How much did you sell on <b>{ $product }</b>? Type the amount, like <b>99.90</b>.
form-amount-again = You have { $amount } on <b>{ $product }</b> so far. Type the right amount, or 0 to take it out.
form-amount-edit = <b>{ $product }</b> stands at { $amount }. Type the right amount, or 0 to remove it.
form-amount-sure = <b>{ $amount }</b> is far more than you usually enter. Is it right? If not, just type the right amount.
form-total = The total stands at { $amount }. Type the right one, and I will spread it over the models in proportion.
form-tap = Please answer with one of the buttons below.
form-resumed = This is where we were:
form-asked-again = I am back. This is where we were:
form-zone-changed = The business time zone was { $old } when you began this, and is { $new } now. So please say the times once more; sales you entered are kept.

running-started = Your shift has begun. Have a good one!
running-discarded = The shift you had begun is dropped.
discard-sure = Drop the shift that you began at { $since }? Nothing of it will be kept.

toast-saved = Saved ✅
toast-corrected = Corrected ✅
toast-deleted = Deleted
toast-stale = That button is from an earlier step. Here is where you are now.
