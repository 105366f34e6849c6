"""Speed of the service, beside what one would use instead: plain psycopg2, and a connection per call."""
