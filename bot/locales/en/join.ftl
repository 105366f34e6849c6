# Strangers and how they come in; the admins' side of it.

button-ask-to-join = Ask to join
button-approve = Approve
button-reject = Reject
button-approve-name = Approve { $name }
button-reject-name = Reject { $name }
button-invite = Invite link

stranger-greeting =
    Hello! This bot is for the members of a team.

    If you work with them, ask to join and an admin will let you in. An invite link from an admin works too.
stranger-asked = Your request is with the admins. I will write to you here once they have decided.
stranger-left = You are no longer a member of the team. If that is a mistake, please talk to your admin.
stranger-rejected = An admin has decided not to let you in. If that is a mistake, please talk to them.
joined-openly = 🎉 <b>Welcome to the team!</b> What would you like to do?

admin-title = <b>Admin</b>
admin-nobody-waits = Nobody waits to join.
admin-waiting = { $count ->
    [one] One person waits to join:
   *[other] { $count } people wait to join:
}
admin-more-waiting = The others are shown once these are decided.
admin-person = • { $name } (Telegram id { $id })
admin-approved = ✅ <b>{ $name }</b> is in. You let them in.
admin-rejected = 🚫 <b>{ $name }</b> was not let in. You decided so.
admin-approved-by = ✅ <b>{ $name }</b> is in. { $admin } let them in.
admin-rejected-by = 🚫 <b>{ $name }</b> was not let in. { $admin } decided so.
admin-decided = Somebody has decided this already.
admin-toast-approved = { $name } is in.
admin-toast-rejected = { $name } was not let in.
admin-invite =
    Send this link to the new person. It works once, until { $until }:

    { $link }

    Writing <code>/start { $code }</code> to me does the same.
