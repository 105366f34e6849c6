-- For deploy/install.sh: the role that the bot logs in with, by its socket and as the account of that name (peer), and
-- the one that owns the tables, which it becomes for migrations only (TECH T19). Neither may make databases: the check
-- that a backup can be restored brings a server of its own. What is there already stays as it is.
SELECT format('CREATE ROLE %I NOLOGIN', :'account' || '_owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'account' || '_owner')
\gexec
SELECT format('CREATE ROLE %I', :'account') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'account')
\gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOINHERIT', :'account')
\gexec
SELECT format('GRANT %I TO %I', :'account' || '_owner', :'account')
\gexec
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LOCALE %L', :'database',
              :'account' || '_owner', 'UTF8', 'C.UTF-8')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database')
\gexec
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', :'database', :'account')
\gexec
