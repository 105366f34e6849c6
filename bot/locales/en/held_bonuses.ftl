# Bonuses that admins give and take.

desk-bonuses = 🎁 Bonuses

held-title = 🎁 <b>Bonuses</b>
held-title-of = 🎁 <b>Bonuses of { $name }</b>
held-whose = Whose?
held-none = None so far.
held-line = { $number }. { $bonus } · { $state } · { $at }
held-pending = waits
held-asked = asked for { $day }
held-given = given
held-used = used on shift { $shift }
held-used-amount = used on shift { $shift }, ${ $amount }
held-void = withdrawn
held-granted = ✅ { $name } has it: <b>{ $bonus }</b>
held-voided = ✅ Withdrawn from { $name }: <b>{ $bonus }</b>
button-grant = 🎁 Give one
button-void-number = Withdraw { $number }
ask-grant-reason = What for? Type a few words: they will read them.
ask-grant-sure =
    Give { $name } this: <b>{ $bonus }</b>? What acts on a shift is used by the next one that is recorded.

    They will read: “{ $reason }”
ask-void-reason = Withdraw from { $name }: <b>{ $bonus }</b>. Why? They will read it.
ask-void-sure =
    Withdraw from { $name }: <b>{ $bonus }</b>?

    They will read: “{ $reason }”

notice-bonus-granted = 🎁 { $admin } gave you a bonus: <b>{ $bonus }</b>. “{ $reason }”
notice-bonus-voided = 🎁 An admin withdrew a bonus of yours: <b>{ $bonus }</b>. Their reason: “{ $reason }”
