# Messages that come by themselves.

notice-repeat = 🔁 Once more, now in time: my clock was ahead when I wrote this before.

notice-rank-up = { $emoji } <b>You are a { $name } now!</b>
notice-rank-regained = { $emoji } <b>You are a { $name } again.</b>
notice-rank-down = After a correction you are { $emoji } <b>{ $name }</b>, no longer { $previous-emoji } { $previous-name }.
notice-rank-bonus = { $emoji } <b>A bonus for your rank, { $name }:</b>
notice-month = Your rank for { $month }.
notice-drawn = 🎁 Your bonus: <b>{ $bonuses }</b>
notice-returned = 🎁 You have it back: <b>{ $bonuses }</b>
notice-withdrawn = Withdrawn for now: { $bonuses }. Reach the rank again, and it comes back.
notice-kept = You keep what you have used already: { $bonuses }

notice-bonus-kept =
    <b>{ $employee }</b> is no longer { $previous-emoji } { $previous-name } in { $month }, after a correction, but has used that rank’s bonus already: { $bonuses }.

    It stays with the shift. Nothing was taken back.
notice-join-request = 🙋 <b>{ $name }</b> would like to join (Telegram id { $id }).
notice-welcome =
    🎉 <b>Welcome to the team!</b>

    Log your shifts here and see at once what they earned.
notice-unreachable = 📵 <b>{ $employee }</b> cannot be reached: { $reason } They did not get my message, and get none until they write to me.
unreachable-blocked = they have blocked me.
unreachable-deactivated = their Telegram account is gone.
unreachable-never-started = they have not started a chat with me.
notice-failure = ⚠️ Something went wrong while I answered somebody. The log says what. Nothing was half saved.
notice-file-failed = ⚠️ A long file that somebody asked for could not be drawn, and they know. The log says why. No pay has changed.
notice-webhook-moved =
    🔌 Somebody had Telegram deliver { $host ->
        [none] nowhere
       *[other] to { $host }
    } what you all write to me, so I heard nothing for a while. I have put that right.

    If it was none of you, somebody else knows my token: have @BotFather make a new one (/revoke) and set it as BOT_TOKEN.
notice-shift-ahead =
    🕰 Shift { $id } of <b>{ $employee }</b> ({ $day }) was recorded at { $at }, which is still to come: my clock was ahead then, or it is behind now.

    Until that moment nobody can tap Start now, and reminders wait. If my clock is right now, delete that shift and enter it again; if it is not, set it.
notice-disk-narrow = 💾 The disk with my records is { $used } % full. Please make room: from 90 % on I keep only what shifts and pay need.
notice-disk-full = 🛑 The disk with my records is { $used } % full. I go on with shifts and pay, but without pictures and backups until there is room.
notice-disk-roomy = 💾 There is room on the disk with my records again: { $used } % is full.
notice-long-shift = 🕰 <b>{ $employee }</b> has recorded a shift of { $hours } h (shift { $id }).
notice-month-changed = 📆 <b>{ $employee }</b> moved shift { $id } from { $old } to { $new }. Both months were settled again.
