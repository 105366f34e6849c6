"""What `PostgresService` is made of: connections, named queries, rows as records, one transaction a change."""
