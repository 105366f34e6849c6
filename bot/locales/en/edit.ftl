# Correcting a shift.

button-edit-shift = ✏️ { $start } · { $total }
button-edit-in = Clock in
button-edit-out = Clock out
button-edit-sales = Sales of a model
button-edit-total = Total sales
button-edit-del = 🗑 Delete

edit-which = Which shift do you want to correct?
edit-nothing = You have no shifts yet, so there is nothing to correct.
edit-title = ✏️ <b>Shift { $id }</b> · { $name }
edit-times = { $start } → { $end }
edit-deleted = 🗑 Shift { $id } is deleted. The ${ $amount } it made is taken back.
edit-deleted-unpriced = 🗑 Shift { $id } is deleted. What it made is taken back.

form-refunded = ↩️ This shift has a refund. Until that is withdrawn its sales and its date stay as they are, and it cannot be deleted; its clocks can be corrected.
form-which-field = What needs correcting?
form-delete = Delete this shift? The ${ $amount } it made is taken back.
form-delete-unpriced = Delete this shift? What it made is taken back.
