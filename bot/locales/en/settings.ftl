# The settings. A new one has its label here, and what it is about.

desk-settings = ⚙️ Settings

settings-title = ⚙️ <b>Settings</b>
settings-of-pay = <b>Pay</b>
settings-of-rights = <b>Rights</b>
settings-of-messages = <b>Messages</b>
settings-hint = Tap one to change it.
settings-for-owner = The owner can change them.
setting-line = • { $name }: { $value }
setting-default = – default: { $value }
setting-changed = – changed by { $admin }, { $at }
setting-value = <b>{ $value }</b>
setting-value-later = <b>{ $value }</b>; from { $since } on: <b>{ $later }</b>
setting-on = on
setting-off = off
setting-to-default = Back to the default
setting-title = ⚙️ <b>{ $name }</b>
setting-now-later = It is <b>{ $value }</b> now, and <b>{ $later }</b> from { $since } on. What shall it be?
setting-now = It is <b>{ $value }</b> now. What shall it be?
setting-change = { $old } → <b>{ $new }</b>
setting-from = It holds from { $since } on: the pay period before that stays as it is.
setting-done = ✅ Changed: <b>{ $name }</b>

setting-time-zone = Time zone
setting-pay-days = Pay days
setting-about-pay-days = The days of the month on which a pay period begins and the one before is paid. Type them like <b>1, 15</b>; a day past the month’s end is its last day.
setting-refund-lowers-rank = Refunds lower the rank
setting-about-refund-lowers-rank = Whether a refund takes its sales off the month in which they were made, and so may lower that month’s rank.
setting-paid-day-off-hours = Hours of a paid day off
setting-about-paid-day-off-hours = How many hours at the person’s wage a paid day off is worth. Type the number, like <b>8</b>.
setting-managers-see-wages = Managers see wages
setting-about-managers-see-wages = Whether managers see and set the wages and base rates of others, and see what their shifts make. What is due on a pay day they see anyway.
setting-leaderboard-shown = Leaderboard
setting-about-leaderboard-shown = Whether everybody sees who sold how much this month.
setting-reminder-days = Reminder, days before the pay day
setting-about-reminder-days = How many days before the pay day people are asked whether their period is complete. 0 asks on the day itself.
setting-day-summary-sent = Summary of the day
setting-about-day-summary-sent = Whether the admins read each morning what the day before brought.

# What stands in the file of settings alone.
setting-commission-rate = Platform’s cut
setting-dynamic-rate-basis = Sales that find the day rate
setting-max-shift-hours = Longest shift, hours
setting-earliest-shift = First date of a shift
setting-of-day = of the whole day
setting-of-shift = of the shift alone
setting-none = not set

notice-settings-changed = ⚙️ <b>The bot was started with other settings than before:</b>
setting-other = • { $name }: { $old } → <b>{ $new }</b>
setting-other-since = • { $name }: { $old } → <b>{ $new }</b>, from { $since } on
setting-other-time-zone = – What is recorded keeps its date. Who is entering a shift is asked for its times again.
setting-other-commission-rate = – What is recorded keeps the cut that it was priced with.
setting-other-dynamic-rate-basis = – What is recorded keeps the rate that it was priced with.
setting-other-hint = Not meant so? Set it back where the bot’s settings are kept, and start the bot again.
