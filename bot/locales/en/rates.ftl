# The dynamic rates as admins see them.

desk-rates = 📈 Day rates

rates-title = 📈 <b>Day rates</b>
rates-explained = What a day’s sales add to the base rate:
rates-step = ${ $start } to under ${ $end }: <b>{ $pct }</b>
rates-step-last = ${ $start } and more: <b>{ $pct }</b>
rates-later = From { $since } on:
rates-hint = Tap a step to change it.
button-rate = from ${ $start }
button-rate-add = ➕ New step
button-rate-pct = Percent
button-rate-from = From amount
button-rate-remove = 🗑 Remove
ask-rate-from = From which sales of a day on? Type the amount, like <b>1,500.00</b>.
ask-rate-pct = How many percent does it add? For example <b>4.5</b>.
ask-rate-since = From when on? Tap a date, or type one like <b>22 Nov</b>.
rates-since = From { $since } on:
rates-kept = • { $step }
rates-gone = ➖ <s>{ $step }</s>
rates-new = ➕ { $step }
rates-overtaken = From { $since } on another table holds, which stays as it is.
rates-done = ✅ <b>The day rates are changed</b>

notice-rates-changed = 📈 The day rates are other ones from { $since } on.

# The platform's cut and whose sales find the day rate: they stand in the file of settings.
button-pay-terms = ♻️ Price recorded shifts again
pay-terms-title = ♻️ <b>Price recorded shifts again</b>
pay-terms = The platform keeps <b>{ $cut }</b> of the sales. The day rate is found by the sales <b>{ $basis }</b>.
ask-pay-terms-since = From when on shall that hold, for recorded shifts too? Tap a date, or type one like <b>22 Nov</b>.
pay-terms-since = It holds from { $since } on.
pay-terms-done = ✅ <b>The platform’s cut and the day rate hold as said</b>

notice-pay-terms-changed = 📈 The platform’s cut, or the sales that find the day rate, are other ones from { $since } on.
