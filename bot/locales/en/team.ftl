# The team as admins see it, and what people read of changes about them.

desk-team = 👥 Team
desk-now = 🟢 On shift now

role-owner = owner
role-manager = manager
role-employee = employee

team-title = <b>Team</b>
team-hint = Tap a name for everything about a person.
team-member = • { $name }, { $role }
team-member-working = • { $name }, { $role } · 🟢 on shift
team-member-left = • { $name }, left on { $date }
button-member-free = { $name }
button-member-working = 🟢 { $name }
button-member-left = { $name } (left)
button-team-with-left = Show who left
button-team-without-left = Hide who left

member-title = 👤 <b>{ $name }</b>, { $role }
member-left = Left on { $date }
member-working = 🟢 On shift since { $since }
member-wage = Wage: ${ $amount } an hour
member-base = Base rate: { $pct }
member-planned = From { $since } on: ${ $wage } an hour, base rate { $base }
member-terms-hidden = Wage, base rate and balance are for the owner to see.
member-account = Telegram id: { $id }
member-no-account = No Telegram account
member-balance = Balance: <b>{ $amount }</b>
member-period = Pay period { $start } to { $end }, so far:
member-period-empty = no shifts
member-period-so-far = { $count ->
    [one] 1 shift
   *[other] { $count } shifts
}, { $hours } h, sales ${ $sales }, made <b>${ $made }</b>
member-period-sold = { $count ->
    [one] 1 shift
   *[other] { $count } shifts
}, { $hours } h, sales ${ $sales }

button-member-shifts = 🧾 Shifts
button-member-add = ➕ Add a shift
button-member-finish = 🏁 Finish the shift
form-for = 👤 { $name }
form-which-day-for = Which day did the shift start? Tap a day, or type a date like <b>22 Nov</b>.
receipt-made-theirs = 💰 <b>Made { $amount }</b>
notice-shift-entered = 🧾 { $admin } has entered a shift for you: { $date }, shift { $id }. It made <b>{ $after }</b>.
notice-shift-corrected = ✏️ { $admin } has corrected your shift { $id } of { $date }: { $made }.
notice-shift-corrected-same = ✏️ { $admin } has corrected your shift { $id } of { $date }. It still makes <b>{ $after }</b>.
notice-shift-deleted = 🗑 { $admin } has deleted your shift { $id } of { $date }. The { $before } it made is taken back.
member-shifts-title = 🧾 <b>{ $name }: shifts</b>, page { $page } of { $pages }
member-shifts-none = No shifts yet.

working-title = 🟢 <b>On shift now</b>
working-nobody = Nobody is on shift right now.
working-person-long = • ⚠️ <b>{ $name }</b> since { $since }, for { $hours } h { $minutes } min: longer than usual
working-person = • <b>{ $name }</b> since { $since }, for { $hours } h { $minutes } min

button-adjust = 🎁 Bonus or deduction
button-role = 🎖 Role
button-rename = ✏️ Rename
button-leave = 🚪 Has left
button-rehire = ↩️ Take back
button-link = 📱 New account
button-move = 📦 Take over shifts
button-wage = 💵 Wage
button-base = 📈 Base rate
button-reprice = Yes, and price those shifts again
button-keep-prices = Yes, but leave those shifts as they are

terms-title-wage = 💵 <b>{ $name }: wage</b>
terms-title-base = 📈 <b>{ $name }: base rate</b>
ask-wage-amount = It is { $now } now. Type the new wage, like <b>16.50</b>.
ask-base-amount = It is { $now } now. Type the new base rate in percent, like <b>8.5</b>.
ask-wage-since = { $new }: from when on? Tap a date, or type one like <b>22 Nov</b>.
ask-base-since = { $new }: from when on? Tap a date, or type one like <b>22 Nov</b>.
terms-wage = ${ $amount } an hour
terms-base = { $pct }
terms-change = { $old } → <b>{ $new }</b>, from { $since } on
terms-overtaken = A later change was made before and stays in force: today it is still { $now }.
terms-planned = What is planned after that stays as it is:
terms-touches-nothing = No recorded shift is touched.
terms-touched = { $count ->
    [one] One recorded shift was priced as it was before:
   *[other] { $count } recorded shifts were priced as it was before:
}
terms-of = • { $shift }
terms-shift-of = • { $name }, { $shift }
terms-shift = { $date }, shift { $id }: ${ $old } → ${ $new } ({ $difference })
terms-shift-refunded = { $date }, shift { $id }: ${ $old }, has a refund
terms-shift-unpriced = { $date }, shift { $id }: { $difference }
terms-shift-refunded-unpriced = { $date }, shift { $id }: has a refund
terms-more-touched = … and { $count } more
terms-refunded = What has a refund keeps its rates.
terms-difference = Priced again, { $count ->
    [one] it makes
   *[other] they make
} <b>{ $difference }</b>.
terms-more = ${ $amount } more
terms-less = ${ $amount } less
terms-sure = Is that right?
terms-done-wage = ✅ <b>The wage of { $name } is changed</b>
terms-done-base = ✅ <b>The base rate of { $name } is changed</b>
terms-done-wage-later = ✅ <b>The wage of { $name } changes on { $since }</b>
terms-done-base-later = ✅ <b>The base rate of { $name } changes on { $since }</b>
terms-repriced = { $count ->
    [one] One shift was priced again
   *[other] { $count } shifts were priced again
}: { $difference }.

notice-terms-wage = 💵 Your wage is <b>{ $new }</b> from { $since } on.
notice-terms-base = 📈 Your base rate is <b>{ $new }</b> from { $since } on.
notice-terms-repriced = { $count ->
    [one] One of your shifts was priced again
   *[other] { $count } of your shifts were priced again
}: { $difference }.

button-unplan = ↩️ Withdraw what is planned
ask-unplan-since = ↩️ <b>{ $name }</b>: which of these shall not come?
ask-unplan-sure = ↩️ <b>{ $name }</b>: this will not come.
unplan-gone = <s>{ $plan }</s>
unplan-then = From { $since } on it is ${ $wage } an hour and the base rate { $base } then.
done-unplan = ✅ <b>Withdrawn for { $name }</b>
notice-unplanned = ↩️ Your wage and base rate do not change on { $since }: from then on too you get <b>${ $wage } an hour</b>, and the base rate is <b>{ $base }</b>.

# Roles, names, leaving.

button-role-owner = Owner
button-role-manager = Manager
button-role-employee = Employee
role-means-owner = An owner can do everything, also give roles and change settings.
role-means-manager = A manager runs the team: people, shifts, pay and bonuses. Roles and settings stay with the owner.
role-means-employee = An employee logs shifts and sees only what is their own.
ask-role-role = 🎖 <b>{ $name }</b> has the role { $role }. Which one shall it be?
ask-role-sure = 🎖 <b>{ $name }</b>: { $old } → <b>{ $new }</b>. Is that right?
done-role = ✅ <b>{ $name }</b> has the role <b>{ $role }</b> now.
notice-role = 🎖 Your role is <b>{ $role }</b> now.

ask-rename-name = ✏️ What shall <b>{ $old }</b> be called? Type the new name.
ask-rename-sure = ✏️ { $old } → <b>{ $new }</b>. Shifts that are recorded keep the name they have. Is that right?
done-rename = ✅ The name is <b>{ $name }</b> now.

ask-leave-day = 🚪 Which day is or was the last one of <b>{ $name }</b>? Tap a date, or type one like <b>22 Nov</b>. Shifts up to it can still be entered.
ask-leave-sure = 🚪 <b>{ $name }</b> leaves, the last day is { $date }.
leave-working = A shift is running. It can still be finished.
leave-credited = • Credited: { $bonus }
leave-void = • Void from then on: { $bonus }
leave-unpriced = What is due is still paid, and their periods can be closed right away.
leave-balance = The balance is { $amount } then. What is due is still paid, and their periods can be closed right away.
done-leave = ✅ <b>{ $name }</b> has left, the last day is { $date }.
notice-left = You are noted as having left the team; { $date } is your last day. What you are owed is still paid. All the best!
ask-rehire-sure = ↩️ Take <b>{ $name }</b> back as an employee, with the wage and everything else as it was?
done-rehire = ✅ <b>{ $name }</b> is in the team again.
notice-rehired = 🎉 <b>Welcome back!</b> Everything is as you left it. Tap /start for the menu.

# Accounts.

ask-link-account =
    📱 From which Telegram account does <b>{ $name }</b> write from now on? Have them write to me from there and ask to join: then the account is listed below. Or type its Telegram id.
ask-link-sure = 📱 <b>{ $name }</b> writes from the account { $id } from now on, with everything that is theirs.
link-now = Now it is the account { $id }. I will not know that one any more.
link-none = There is no account now.
link-held = It belongs to { $name }, who has no records of their own and leaves the team.
done-link = ✅ <b>{ $name }</b> writes from the account { $id } now.
notice-account-linked = 📱 <b>Hello, { $name }!</b> I know you under this account now. Everything of yours is here. Tap /start for the menu.
notice-account-given-up = The account was { $name }’s, who has left the team by that; { $admin } linked it. If that is a mistake, please write to an admin.
notice-account-lost = 📱 { $admin } has linked <b>{ $name }</b> to another Telegram account. I do not know this one any more. If that was not you, please tell the owner.

ask-move-from = 📦 Whose shifts are really those of <b>{ $name }</b>?
ask-move-sure = 📦 { $count ->
    [one] One shift
   *[other] All { $count } shifts
} of <b>{ $giver }</b> will be entered for <b>{ $taker }</b>, at the wage and rates of <b>{ $taker }</b>. Ranks of both are settled again.
move-nothing = <b>{ $giver }</b> has no shifts that <b>{ $taker }</b> could take over.
move-balance = Balance of { $name } then: { $amount }
done-move = ✅ { $count ->
    [one] One shift
   *[other] { $count } shifts
} of <b>{ $giver }</b> moved to <b>{ $taker }</b>.
notice-shifts-moved = 📦 { $count ->
    [one] One shift
   *[other] { $count } shifts
} that stood under “{ $giver }” moved to you. Your balance is { $balance } now.
notice-shifts-taken = 📦 { $admin } has moved { $count ->
    [one] one shift
   *[other] { $count } shifts
} of yours to { $taker }. What that made is taken back; your balance is { $balance } now.

# Bonuses and deductions by hand.

button-adjust-bonus = 🎁 Bonus
button-adjust-deduction = ➖ Deduction
ask-adjust-kind = Give <b>{ $name }</b> something, or take something back?
adjust-title-bonus = 🎁 <b>Bonus for { $name }</b>
adjust-title-deduction = ➖ <b>Deduction from { $name }</b>
ask-adjust-amount = How much? Type the amount, like <b>25.00</b>.
ask-adjust-reason = ${ $amount }: what for? Type the reason, they will read it too.
adjust-bonus = 🎁 <b>{ $name }</b> gets <b>${ $amount }</b>
adjust-deduction = ➖ <b>${ $amount }</b> is taken from <b>{ $name }</b>
adjust-reason = Reason: { $reason }
adjust-balance = Balance: { $balance }
done-adjust = ✅ <b>Booked</b>
notice-adjust-bonus = 🎁 You got a bonus of <b>${ $amount }</b>.
notice-adjust-deduction = ➖ A deduction of <b>${ $amount }</b> was booked.
notice-adjust-balance = Your balance is { $balance } now.
