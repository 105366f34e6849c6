# The admins' desks, and the buttons that all errands share.

desk-requests = 📨 Requests

button-skip = Skip
button-no = No
button-page-before = ‹ Back a page
button-page-after = Next page ›
