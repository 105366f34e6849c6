# How the database is; admins only. The figures are those of `make db-report`.

desk-database = 🗄 Database

database-title = 🗄 <b>Database</b>
database-tables = Tables
database-indexes = Indexes
database-queries = Slowest queries
database-size = { $size }, PostgreSQL { $version }
database-connections = Connections: { $count } of { $most }
database-no-transaction = No transaction is open.
database-transaction = The oldest open transaction is { $seconds } s old.
database-since = Counted since { $at }
database-head-tables = <b>Tables, the largest first: rows, last vacuum</b>
database-head-indexes = <b>Indexes: how often they were used</b>
database-head-queries = <b>Queries that took the most time in all</b>
database-table = <code>{ $name }</code> { $size }: { $rows }, { $at }
database-never = never
database-index = <code>{ $name }</code> { $size }: { $scans }
database-index-idle = <code>{ $name }</code> { $size }: ⚠️ not used
database-query = <code>{ $text }</code> { $mean } ms, { $calls } times
database-no-queries = None yet.
database-queries-unknown = This server does not keep track of its queries. With pg_stat_statements it would.
