# The receipt of a shift, and why it is what it is.

button-why = Why?
button-receipt = 🧾 Receipt
button-edit = ✏️ Edit

receipt-title = 🧾 <b>Shift { $id }</b>
receipt-saved = ✅ <b>Shift { $id } is saved</b>
receipt-corrected = ✏️ <b>Shift { $id } is corrected</b>
receipt-who = 📅 { $date } · { $name }
receipt-start = Start: { $at }
receipt-end = End: { $at }
receipt-hours = Hours: { $hours }
receipt-note = Note: { $note }

receipt-product = { $product }: { $amount }
receipt-no-sales = No sales
receipt-total = Total sales: { $amount }
receipt-net = Net sales: { $amount }
receipt-rate = Rate: { $pct } ({ $parts })
receipt-hourly = Hourly: { $amount }
receipt-commissions = Commissions: { $amount }
receipt-made = 💰 <b>You made { $amount }</b>

receipt-pay-hidden = The pay is for the owner to see.
receipt-bonus-name = 🎁 { $bonus }

receipt-bonus-flat = 🎁 Flat bonus: { $amount }
receipt-bonus-percent-next = 🎁 Bonus: +{ $pct } on this shift
receipt-bonus-double-commission = 🎁 Bonus: double commission
receipt-bonus-percent-prev = 🎁 { $pct } of the { $net } net that the chatter before you made on { $product }: { $amount }
receipt-bonus-percent-prev-none = 🎁 { $pct } of the chatter before you: 0.00, because nobody sold your models before you
receipt-bonus-percent-all = 🎁 { $pct } of the { $net } net that the others made that day on { $product }: { $amount }
receipt-bonus-percent-all-none = 🎁 { $pct } of what the others made that day: 0.00, because nobody sold that model before you
receipt-bonus-percent-prev-imported = 🎁 { $pct } of what the chatter before you made: { $amount }
receipt-bonus-percent-all-imported = 🎁 { $pct } of what the others made that day: { $amount }
receipt-imported-difference = 📥 Taken over from the old sheet: { $amount }
receipt-bonus-gone = <s>{ $bonus }</s>

rate-parts = { $base } base + { $dynamic } dynamic
rate-doubled = ({ $parts }) × 2
rate-extra = { $parts } + { $extra } bonus

changed = <s>{ $old }</s> → <b>{ $new }</b>

why-title = 🔍 <b>Shift { $id }, step by step</b>
why-time = <b>Time</b>
why-hours = { $worked } × { $wage } an hour = { $amount }
why-worked = { $hours } h { $minutes } min
why-worked-seconds = { $worked } { $seconds } s
why-sales = <b>Sales</b>
why-total = Together: { $amount }
why-net = Less { $cut } for the platform = { $amount } net
why-rate = <b>Rate</b>
why-base = { $pct } is the base rate
why-dynamic-day = + { $pct }, as the day’s sales stood at { $sales }
why-dynamic-shift = + { $pct } for the sales of this shift
why-doubled = × 2 for the double commission bonus
why-extra = + { $pct } for the bonus
why-pct = = { $pct }
why-commissions = <b>Commissions</b>
why-product = { $net } × { $pct } = { $amount }
why-share-base = · base { $amount }
why-share-dynamic = · dynamic { $amount }
why-share-doubling = · doubling { $amount }
why-share-extra = · bonus { $amount }
why-bonuses = <b>Bonuses</b>
why-sum = <b>{ $sum } = ${ $amount }</b>
