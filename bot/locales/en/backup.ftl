# Backups of the database; admins only.

backup-line = 💾 Last backup: { $age } ago. Last seen to restore: { $checked }
backup-unchecked = not yet
backup-none = 💾 <b>There is no backup yet.</b> { $error }
backup-wrong = 💾 <b>Something is wrong with the backups:</b> { $error }
backup-age-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
backup-age-hours = { $count } hours
backup-age-days = { $count } days

notice-backup-made-failed =
    💾 <b>I could not make a backup.</b> { $error }

    I keep trying. /admin shows how old the last good one is.
notice-backup-copied-failed =
    💾 <b>A backup was made, but could not be copied off this machine.</b> { $error }

    I keep trying with the next one.
notice-backup-checked-failed =
    💾 <b>A backup does not pass its check.</b> { $error }

    Please look at once: <code>{ $command }</code> makes another one.
