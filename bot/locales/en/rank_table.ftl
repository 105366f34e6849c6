# The rank table as admins see it, and bonuses as they pick them.

desk-ranks = 🏆 Ranks

rank-table-title = 🏆 <b>Ranks</b>
rank-table-hint = Tap a rank to change it. A change holds from this month on, and takes nothing back.
rank-table-line = { $span } · { $gifts }
rank-table-text = Who reaches it reads:
rank-table-no-text = nothing further
rank-table-new = 🏆 <b>A new rank</b>
rank-table-done = ✅ <b>The ranks are changed</b>
rank-table-gone = { $emoji } { $name } is no more.
rank-table-change = { $what }: { $old } → { $new }
rank-table-name = Name
rank-table-emoji = Emoji
rank-table-message = Text
rank-table-from = From
rank-table-heir = { $name } is { $span } then.
rank-table-moves-nobody = It moves nobody.
rank-table-moves = { $count ->
    [one] It moves one person:
   *[other] It moves { $count } people:
}
rank-table-move = • { $name }, sales ${ $sales }: { $old } → { $new }
rank-table-keeps = Who rises draws a bonus of the new rank; nobody loses one.
button-rank = { $emoji } { $name }
button-recalculate = 🔁 Work out again
button-rank-add = ➕ New rank
button-rank-name = ✏️ Name
button-rank-emoji = 🙂 Emoji
button-rank-text = 💬 Text
button-rank-from = From amount
button-rank-remove = 🗑 Remove rank
button-gift-add = 🎁 Add bonus
button-gift-remove = Remove bonus
ask-rank-name = What is the rank called? Type the name.
ask-rank-emoji = Which emoji? Send one.
ask-rank-text = What does one read who reaches it? Type the text.
ask-rank-from = From which sales of a month on? Type the amount, like <b>5,000.00</b>.
ask-rank-type = What kind of bonus?
ask-rank-value = How many percent? For example <b>1.5</b>.
ask-rank-gift = Which one shall go? Who has it already keeps it.
ask-gift-value-flat = How much? Type the amount, like <b>25.00</b>.

gift-type-flat = An amount
gift-type-percent-next = Percent more on the next shift
gift-type-double-commission = Double commission on the next shift
gift-type-percent-prev = Percent of the previous chatter’s sales
gift-type-percent-all = Percent of everybody else’s sales of a day
gift-type-paid-day-off = A paid day off
gift-type-telegram-premium = Telegram Premium
gift-come = 🎁 new: { $bonus }
gift-gone = 🎁 no more: { $bonus }
gift-flat = ${ $value }
gift-percent-next = +{ $value }% on the next shift
gift-double-commission = Double commission
gift-percent-prev = { $value }% of the previous chatter’s sales
gift-percent-all = { $value }% of everybody else’s sales
gift-paid-day-off = A paid day off
gift-telegram-premium = Telegram Premium

command-recalc_ranks = Work out this month’s ranks again
recalc-title = 🔁 <b>Ranks, worked out again</b>
recalc-nothing = Everybody’s rank of this month was right. Nothing changed.
recalc-changed = { $count ->
    [one] One change this month:
   *[other] { $count } changes this month:
}
recalc-move = • { $name }: { $old } → <b>{ $new }</b>
recalc-stays = • { $name }, { $rank }
recalc-drawn = 🎁 drawn: { $bonuses }
recalc-returned = 🎁 back again: { $bonuses }
recalc-withdrawn = withdrawn: { $bonuses }
recalc-past = Months that are over stay as they are. Where rank and sales differ:
recalc-past-line = • { $month }, { $name }: held { $held }, sales say { $due }
