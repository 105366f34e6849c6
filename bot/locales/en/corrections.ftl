# Corrections of what lies in a closed pay period.

button-ask-correction = 📨 Ask the admins for a correction
button-fix-no = Refuse

form-closed-ahead = 🔒 That day lies in a pay period that is closed: what you enter goes to the admins, as a request.
form-left-ahead = 🔒 You have left the team: what you enter goes to the admins, as a request.
form-closed = 🔒 That day lies in a pay period that is closed, so I cannot save it. But nothing has to be typed again: I can ask the admins to put it right.
form-closed-left = You have left the team, so I save nothing new for you. But I can ask the admins to put it right.
form-closed-sales = { $product }: { $amount }
form-closed-total = Total sales: { $amount }
form-closed-delete = 🗑 To be deleted
form-reason = Why? Tell the admins in a few words what happened.

correction-asked = 📨 <b>The admins have your request.</b> I will write to you once one of them has decided.
correction-title-new = 📨 <b>{ $name }</b> asks for a shift that is missing in a closed pay period:
correction-title-edit = 📨 <b>{ $name }</b> asks to correct a shift in a closed pay period:
correction-title-delete = 📨 <b>{ $name }</b> asks to take a shift out of a closed pay period:
correction-for-new = 📨 <b>{ $by }</b> asks, for <b>{ $name }</b>: a shift is missing in a closed pay period.
correction-for-edit = 📨 <b>{ $by }</b> asks, for <b>{ $name }</b>: a shift in a closed pay period is to be corrected.
correction-for-delete = 📨 <b>{ $by }</b> asks, for <b>{ $name }</b>: a shift is to be taken out of a closed pay period.
correction-yours = You may decide that yourself: now, or later under Requests.
correction-edit = ✏️ Shift { $id }
correction-delete = 🗑 Shift { $id }
correction-made = It made ${ $made }.
correction-why = 💬 { $reason }
correction-reason = 💬 { $reason }
correction-waits = ⏳ <b>It waits for the admins.</b>
correction-asked-at = Asked by { $who }, { $at }
correction-by-approved = ✅ <b>Approved by { $admin }</b>
correction-by-refused = 🚫 <b>Refused by { $admin }</b>
correction-would-book = Approved, this would be booked in the open pay period:
correction-would-book-nothing = Approved, no pay would change.
correction-trouble = ⚠️ As things are, it cannot be approved: { $why }
correction-booked = Booked in the open pay period:
correction-line-more = Shift { $id }: + ${ $amount }
correction-line-less = Shift { $id }: − ${ $amount }
correction-rank = Rank of { $month }: { $old } → <b>{ $new }</b>
correction-rank-withdrawn = 🎁 goes back: { $bonuses }
correction-rank-returned = 🎁 comes: { $bonuses }

ask-fix-no-reason = Why is it refused? Type a few words: { $name } will read them.
ask-fix-no-own-reason = Why is it refused? Type a few words.

notice-correction-approved = ✅ <b>Your correction is approved.</b>
notice-correction-refused = 🚫 <b>Your correction is refused.</b>
notice-correction-for-approved = 📨 <b>The correction that you asked for, for { $name }, is approved.</b>
notice-correction-for-refused = 📨 <b>The correction that you asked for, for { $name }, is refused.</b>
notice-corrected-new = ➕ <b>{ $by } has added a shift of yours that was missing.</b>
notice-corrected-edit = ✏️ <b>{ $by } has corrected a shift of yours.</b>
notice-corrected-delete = 🗑 <b>{ $by } has taken out a shift of yours.</b>
