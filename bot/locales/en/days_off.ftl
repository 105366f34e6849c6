# Paid days off and Telegram Premium.

button-day-off = 🏖 Use my day off
button-day-no = Refuse
button-given = ✅ It is given
button-thanks = 🎉 Got it, thanks!

weekday-1 = Mo
weekday-2 = Tu
weekday-3 = We
weekday-4 = Th
weekday-5 = Fr
weekday-6 = Sa
weekday-7 = Su

day-off-title = 🏖 <b>{ $month }</b>
day-off-asked-before = You have asked for { $day }. Pick another day to change that.
ask-day-off-day = Which day would you like off? Tap a number, or type a date like <b>24 Dec</b>. Days with a dot are over or taken.
ask-day-off-sure = 🏖 Ask for <b>{ $day }</b> off, paid with ${ $amount }?
day-off-asked = 📨 <b>The admins have your request</b> for { $day }. I will write to you once one of them has decided.
day-off-request = 🏖 <b>{ $name }</b> asks for a paid day off on <b>{ $day }</b>.
day-off-worth = It is worth ${ $amount }.
day-off-approved = ✅ <b>Approved</b>
day-off-refused = 🚫 <b>Refused</b>
day-off-approved-by = ✅ <b>Approved by { $admin }</b>
day-off-refused-by = 🚫 <b>Refused by { $admin }</b>
ask-day-no-reason = Why is it refused? Type a few words: { $name } will read them.

premium-to-do = 🎁 <b>{ $name }</b> has earned Telegram Premium. Give it to them in Telegram, then tap below.
premium-is-given = ✅ Telegram Premium is given to <b>{ $name }</b>. They are told.
premium-enjoy = 🎉 Enjoy it!

notice-day-off-approved = 🏖 <b>Your day off on { $day } is approved.</b> ${ $amount } is booked for it.
notice-day-off-refused = 🚫 <b>Your day off on { $day } is refused.</b>
notice-day-off-again = Your bonus waits: pick another day whenever you like.
notice-premium-given = 🎁 <b>Telegram Premium is yours.</b> An admin has given it to you.
notice-premium-due = 🎁 <b>{ $employee }</b> has earned Telegram Premium. It waits in Requests until somebody gives it.
notice-shift-on-day-off = 🏖 <b>{ $employee }</b> has recorded shift { $id } on { $day }, their paid day off.
