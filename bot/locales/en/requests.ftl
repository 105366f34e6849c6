# What waits for the admins, as one list.

requests-title = 📨 <b>Requests</b>
requests-wait = { $count ->
    [one] 📨 One request waits.
   *[other] 📨 { $count } requests wait.
}
requests-none = Nothing waits for you.
requests-correction = { $count ->
    [one] One correction to decide
   *[other] { $count } corrections to decide
}
requests-question = { $count ->
    [one] One question
   *[other] { $count } questions
}
requests-day-off = { $count ->
    [one] One day off to decide
   *[other] { $count } days off to decide
}
requests-premium = { $count ->
    [one] Telegram Premium to give to one person
   *[other] Telegram Premium to give to { $count } people
}

button-request-c-new = ✏️ { $name }: a missing shift
button-request-c-edit = ✏️ { $name }: a correction
button-request-c-delete = ✏️ { $name }: a shift to take out
button-request-q-requested = ❓ { $name }: a new question
button-request-q-active = 💬 { $name }: a question that is taken
button-request-d-open = 🏖 { $name }: a day off
button-request-p-open = 🎁 { $name }: Telegram Premium

own-requests-title = 📨 <b>My requests</b>
own-requests-none = You have asked the admins for nothing yet.
own-asked = asked on { $date }
own-asked-by = asked by { $who } on { $date }
own-said = , “{ $text }”
own-shift = Shift { $id } of { $date }
own-shift-missing = Missing shift of { $date }
own-correction-new = { $shift }, { $asked }
own-correction-edit = { $shift }, correction { $asked }
own-correction-delete = { $shift }, to be taken out, { $asked }
own-correction-added = ✅ { $what }: approved, shift { $id }
own-request-open = ⏳ { $what }: waits for the admins
own-request-approved = ✅ { $what }: approved{ $said }
own-request-refused = 🚫 { $what }: refused{ $said }
own-day-off-open = ⏳ Day off on { $day }: waits for the admins
own-day-off-approved = ✅ Day off on { $day }: approved by { $who }
own-day-off-refused = 🚫 Day off on { $day }: refused by { $who }{ $said }
own-premium-pending = ⏳ Telegram Premium: an admin will give it to you
own-premium-applied = ✅ Telegram Premium: given
button-own-request-open = ⏳ { $what }
button-own-request-approved = ✅ { $what }
button-own-request-refused = 🚫 { $what }
own-question-requested = ⏳ Question { $number }: waits for an admin
own-question-active = 💬 Question { $number }: an admin has it
own-question-resolved = ✅ Question { $number }: answered
button-own-question-requested = ⏳ Question { $number }
button-own-question-active = 💬 Question { $number }
button-own-question-resolved = ✅ Question { $number }
