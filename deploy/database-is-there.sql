-- For deploy/install.sh: whether roles and database are as database.sql makes them with two logins.
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :'account' || '_owner' AND rolcanlogin)
   AND EXISTS (SELECT FROM pg_roles WHERE rolname = :'account' AND rolcanlogin AND NOT rolinherit AND NOT rolsuper)
   AND NOT EXISTS (
           SELECT FROM pg_auth_members m
             JOIN pg_roles owner ON owner.oid = m.roleid AND owner.rolname = :'account' || '_owner'
             JOIN pg_roles login ON login.oid = m.member AND login.rolname = :'account'
       )
   AND EXISTS (SELECT FROM pg_database WHERE datname = :'database' AND pg_encoding_to_char(encoding) = 'UTF8');
