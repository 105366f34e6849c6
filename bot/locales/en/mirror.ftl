# The mirror in Google Sheets; admins only.

mirror-up-to-date = 🪞 The Google Sheet is up to date. Last looked at: { $at }
mirror-behind = 🪞 <b>The Google Sheet is behind.</b> Last up to date: { $at }. Failing since { $since }: { $error }
mirror-never = never

notice-mirror-damage = 🪞 Somebody changed the Google Sheet. It is a copy of my records, so I put it back:
mirror-changed = • { $tab } was changed.
mirror-changed-kept = • { $tab } was changed. What was there is kept in the tab “{ $kept }”.
mirror-renamed = • { $tab } was renamed and has its name again.
mirror-renamed-kept = • { $tab } was renamed and changed. What was there is kept in the tab “{ $kept }”.
mirror-deleted = • { $tab } was deleted and is there again.
mirror-deleted-kept = • { $tab } was deleted and is there again. What had its name is kept in the tab “{ $kept }”.
notice-mirror-failing =
    🪞 <b>The Google Sheet has been behind since { $since }.</b> { $error }

    My records are safe, and I keep trying.
notice-mirror-stopped = 🪞 <b>The Google Sheet is not mine, so I leave it alone.</b> { $error }
notice-mirror-full = 🪞 The Google Sheet is { $percent } % full: Google allows 10 million cells. Please delete tabs that nobody needs any more, such as the kept copies.
