# The products ("models") as admins see them.

desk-products = 🗂 Models

models-title = 🗂 <b>Models</b>
models-explained = { $count ->
    [one] One can be picked for new sales.
   *[other] { $count } can be picked for new sales.
} Tap one to rename it, or to take it out.
button-model = { $name }
button-model-inactive = 🚫 { $name }
button-model-add = ➕ New model
button-model-name = ✏️ Rename
button-model-off = 🚫 Take out
button-model-on = ✅ Put back

model-title = 🗂 <b>{ $name }</b>
model-title-new = 🗂 <b>A new model</b>
model-active = Can be picked for new sales.
model-inactive = Cannot be picked for new sales. What was sold of it counts and can be corrected.
ask-model-add-name = What is it called? Type the name.
ask-model-add-sure = Add <b>{ $name }</b>?
ask-model-name-name = What shall it be called? Type the new name.
ask-model-name-sure = Call it <b>{ $name }</b>, in everything that was sold of it too?
ask-model-off-sure = Take { $name } out? Nobody can pick it for new sales then. What was sold of it stays.
ask-model-on-sure = Put { $name } back, so that it can be picked for new sales?
model-done-model-add = ✅ <b>{ $name }</b> is added.
model-done-model-name = ✅ { $old } is called <b>{ $name }</b> now.
model-done-model-off = ✅ <b>{ $name }</b> is taken out.
model-done-model-on = ✅ <b>{ $name }</b> can be picked again.
