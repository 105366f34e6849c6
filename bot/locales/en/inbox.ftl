# What could not be handled, for the admins.

button-dead = ⚠️ Set aside ({ $count })
button-dead-retry = 🔁 Again { $number }
button-dead-drop = 🗑 Drop { $number }
dead-title = <b>Set aside</b>
dead-none = Nothing is set aside.
dead-explained = This I could not handle, and who sent it knows. “Again” has me try once more, “Drop” forgets it.
dead-line = { $number }. { $at }, { $sender }: { $reason }
dead-stranger = somebody unknown
dead-more = The others are shown once these are decided.
dead-retried = I try it again now.
dead-dropped = Dropped.
