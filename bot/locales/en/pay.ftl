# A person's own pay: what they are owed, their pay periods, statements, and what they are told about them.

place-pay = 💵 My pay

pay-hint = Tap a pay period for its statement.
pay-to-confirm = ❔ Is your pay period { $start } – { $end } complete? Please tap it below.
pay-present = This pay period, { $start } – { $end }: <b>{ $amount }</b> so far, { $count ->
    [0] no shifts yet.
    [one] one shift.
   *[other] { $count } shifts.
}
pay-present-day = Pay day: { $date }
pay-period-open = 🟢 { $start } – { $end }: balance { $amount }, open
pay-period-closed = 🔒 { $start } – { $end }: balance { $amount }, closed
pay-period-paid = ✅ { $start } – { $end }: { $amount } paid

own-period-title = 💵 <b>Your pay period { $start } – { $end }</b>
own-period-open = 🟢 Open. Pay day: { $date }
own-period-question = Is it complete? Look at your shifts first: after the close they can only be corrected on request.
own-period-complete = ✅ You have said that it is complete. If you change a shift in it, I ask again.
own-period-missing = ✏️ You have said what is missing: “{ $text }”
own-period-closed = 🔒 Closed on { $date }. It is paid next.
own-period-paid = ✅ Paid on { $date }: <b>{ $amount }</b>
button-complete = ✅ Yes, it is complete
button-missing = ✏️ Something is missing
button-not-complete = It is not complete after all
button-statement = 📄 Statement
button-pdf = PDF
button-xlsx = XLSX
toast-complete = Thank you!
toast-not-complete = Taken back.
toast-file = Here it comes.
ask-missing-text = What is missing in your pay period { $start } – { $end }? Type it in your own words: which day, which shift, which amount. The admins will read it.
missing-done = ✏️ Thank you, the admins know. You can still add or correct shifts yourself until they close the period.

statement-file = 📄 { $name }, { $start } – { $end }
file-coming =
    { $file }

    ⏳ This file is long. I am drawing it and send it as soon as it is ready; you can go on meanwhile.
file-failed =
    { $file }

    😕 I could not draw this file. The admins know. You can read it as a message.

notice-period-closed =
    🔒 <b>Your pay period { $start } – { $end } is closed.</b>

    Closing balance: <b>{ $amount }</b>. Here is your statement.
notice-period-reopened =
    🟢 <b>Your pay period { $start } – { $end } is open again.</b>

    Why: “{ $reason }”
    Until it is closed once more you can change your shifts in it.
notice-period-paid = 💵 <b>{ $amount }</b> is paid out to you for { $start } – { $end }.
notice-period-paid-less = { $told } It was closed with { $closing }, { $less }.
notice-confirm-period =
    ❔ <b>Is your pay period { $start } – { $end } complete?</b>

    { $count ->
        [0] It has no shifts so far.
        [one] It has one shift so far.
       *[other] It has { $count } shifts so far.
    } Have a look before it is closed.
