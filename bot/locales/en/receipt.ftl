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

receipt-bonus = 🎁 { $bonus }: { $amount }
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
why-dynamic-kept = + { $pct }, kept as it was when its sales were refunded
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

moved-title = ⚖️ This moves other shifts too:
moved-shift = • { $date }, shift { $id }: { $made } ({ $why })
moved-shift-unpriced = • { $date }, shift { $id } is paid anew
moved-rate = the day’s sales make it { $old } → { $new }
moved-bonus = a rank’s bonus
kept-shift = ↩️ { $date }, shift { $id } keeps its { $pct }, for it has a refund: the day’s sales would make it { $due }.
kept-shift-unpriced = ↩️ { $date }, shift { $id } keeps its rate, for it has a refund.
