"""A Google Sheets API v4 over HTTP for tests: its grid, its quotas, its errors.

Only what gspread 6.2 and the mirror use. `server.FakeSheets` is the whole of it: a server in a thread, a spreadsheet,
faults to order and a log of calls. What people do to a sheet is done with `grid.Spreadsheet` itself.
"""
