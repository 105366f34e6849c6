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
