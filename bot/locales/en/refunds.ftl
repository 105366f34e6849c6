# Refunds, and deductions for bonuses that stay used.

button-refund = ↩️ Refund
button-unrefund = Withdraw a refund
button-cut-bonus = ✂️ Book a deduction
button-all-of-it = All of it

receipt-refund = ↩️ Refunded on { $product }: { $amount }, { $units } of pay
receipt-refund-unpriced = ↩️ Refunded on { $product }: { $amount }

refund-title = ↩️ <b>Refund</b> · shift { $id } · { $name }
refund-line = { $product }: sold ${ $sold }, not refunded ${ $left }
refund-amount = Refunded on { $product }: ${ $amount }
refund-takes = Pay taken back: <b>${ $units }</b>
refund-left = Left on that line: ${ $left }
refund-rank-bonuses = Bonuses of that month’s ranks, which stay:
refund-rank-bonus = 🎁 { $bonus }
refund-done = ✅ <b>The refund is booked</b> · shift { $id } · { $name }
bonus-used-on = { $bonus }, used on shift { $id }
bonus-worth = { $bonus } (${ $amount })

ask-refund-product = Which sale was refunded?
ask-refund-amount = How much of <b>{ $product }</b> was refunded? Type the amount, up to ${ $left }.
ask-refund-reason = Why? Type a few words: { $name } reads them.
ask-refund-sure = Book it in { $name }’s open pay period?

ask-unrefund-refund = Which refund is withdrawn?
ask-unrefund-reason = Why is it withdrawn? Type a few words.
ask-unrefund-sure = Give that pay back in the open pay period?
unrefund-refund = ↩️ Shift { $id } · { $name }: ${ $amount } on { $product }, ${ $units } of pay
unrefund-refunded-why = 💬 Why it was refunded: { $reason }
unrefund-withdrawn-why = 💬 Why it is withdrawn: { $reason }
unrefund-refund-unpriced = ↩️ Shift { $id } · { $name }: ${ $amount } on { $product }
unrefund-done = ✅ <b>The refund is withdrawn.</b> The pay is given back.

refund-released = ⚖️ The day’s sales make the shift’s rate again: { $pct }. It makes { $made } now.
refund-would-release = ⚖️ The day’s sales will make the shift’s rate again: { $pct }. It will make { $made }.
refund-would-release-unpriced = ⚖️ The day’s sales will make the shift’s rate again.
refund-released-unpriced = ⚖️ The day’s sales make the shift’s rate again.

cut-title = ✂️ <b>Deduction for a bonus</b> · { $name }
cut-none = No bonus has been used, so there is nothing to deduct for.
cut-bonus = { $number }. { $bonus }
cut-amount = To deduct: <b>${ $amount }</b>
cut-done = ✅ ${ $amount } is deducted from { $name }’s open pay period.
ask-cut-bonus-bonus = For which bonus?
ask-cut-bonus-amount = How much is deducted? Type the amount.
ask-cut-bonus-reason = Why? Type a few words: they are read by who it is about.
ask-cut-bonus-sure = Book this deduction?

notice-refund = ↩️ ${ $amount } on <b>{ $product }</b> of your shift { $id } was refunded to the buyer. ${ $units } of your pay for it is taken back.
notice-refund-withdrawn = ↩️ The refund of ${ $amount } on <b>{ $product }</b> of your shift { $id } is withdrawn. You have ${ $units } of pay back.
notice-bonus-cut = ✂️ ${ $amount } is deducted for a bonus: { $bonus }.
