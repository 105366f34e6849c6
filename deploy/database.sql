-- For deploy/install.sh and docker-compose.yml: the role that the bot logs in with, and the one that owns the tables. With
-- a POSTGRES_OWNER_PASSWORD in the environment that is a login of its own, of which the bot's is no member; without one
-- the bot's login becomes the owner for migrations (TECH T19). Neither may make databases: the check that a backup can be
-- restored brings a server of its own. What is there already stays as it is.
\set owner_password ''
\getenv owner_password POSTGRES_OWNER_PASSWORD
SELECT :'owner_password' <> '' AS has_two_logins
\gset
SELECT format('CREATE ROLE %I NOLOGIN', :'account' || '_owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'account' || '_owner')
\gexec
SELECT format('CREATE ROLE %I', :'account') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'account')
\gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOINHERIT', :'account')
\gexec
\if :has_two_logins
SET password_encryption = 'scram-sha-256';
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'account' || '_owner', :'owner_password')
\gexec
SELECT format('REVOKE %I FROM %I', :'account' || '_owner', :'account')
 WHERE pg_has_role(:'account', :'account' || '_owner', 'MEMBER')
\gexec
\else
SELECT format('GRANT %I TO %I', :'account' || '_owner', :'account')
\gexec
\endif
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LOCALE %L', :'database',
              :'account' || '_owner', 'UTF8', 'C.UTF-8')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database')
\gexec
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', :'database', :'account')
\gexec
