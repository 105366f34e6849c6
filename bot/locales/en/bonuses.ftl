# What a rank gives and somebody has got, in words. Amounts and percents come as finished text.

bonus-flat = ${ $amount } on the spot
bonus-flat-booked = ${ $amount }, booked on your shift of { $day }
bonus-flat-waits = ${ $amount } on your next shift
bonus-percent-next = +{ $percent }% on your next shift
bonus-double-commission = double commission on your next shift
bonus-percent-prev = { $percent }% of the net sales of the chatter before you, on one of your models
bonus-percent-all = { $percent }% of everybody else’s net sales of a day, on one of your models
bonus-paid-day-off = a paid day off
bonus-telegram-premium = Telegram Premium

# A bonus that a shift has used up. Its amount stands beside it.

used-flat = Flat bonus
used-percent-next = +{ $pct } on this shift
used-double-commission = Double commission
used-percent-prev = { $pct } of the { $net } net that the chatter before sold on { $product }
used-percent-prev-none = { $pct } of the chatter before, who sold none of these models
used-percent-prev-imported = { $pct } of the net sales, on one model, of the chatter before
used-percent-all = { $pct } of the { $net } net that the others sold that day on { $product }
used-percent-all-none = { $pct } of the others, who sold nothing of that model that day
used-percent-all-imported = { $pct } of the net sales, on one model, of the others that day

# Where a bonus comes from.

bonus-of-rank = { $bonus } ({ $rank }, { $month })
bonus-of-giver = { $bonus } (from { $giver })
bonus-of-giver-why = { $bonus } (from { $giver }: { $why })
