# The main menu, its buttons, the commands and the help.

place-main = Main menu
place-shift = Create shift
place-start-now = Start now
place-finish-now = Finish shift
place-edit = Edit shift
button-undo = Undo
place-stats = 📊 Statistics
place-ranks = 🏆 Ranks
place-history = My shifts
place-balance = Balance
place-requests = 📨 My requests
place-admin = Admin

menu-greeting = Hi, { $name }! What would you like to do?
menu-running = 🟢 You have been on shift since { $since }.
menu-left = You have left the team. Until everything is paid, you can finish a shift that is running, and tell the admins what is missing or wrong.
menu-cancelled = Cancelled. The form you had begun is dropped.
menu-nothing-to-cancel = There was nothing to cancel.

command-shift = Create a shift
command-edit = Edit one of your last shifts
command-stats = Your month, rank and pay
command-ranks = All ranks and their bonuses
command-history = Your shifts
command-balance = What you are owed
command-help = How this works
command-cancel = Stop what you are doing
command-admin = For admins

help-title = <b>How this works</b>
help-text =
    Log a shift with <b>Create shift</b>, or tap <b>Start now</b> when you begin and <b>Finish shift</b> when you are done. The receipt shows what you earned, and <b>Why?</b> shows how.

    Amounts can be typed as 99.90, 99,90 or 1,234.50. Times as 8:30, 20:15 or 8:30 pm.
help-commands = <b>Commands</b>
help-command = /{ $name } – { $description }
