#!/bin/bash
# Run once by PostgreSQL's image on an empty volume: the two roles and the database, as the embedded cluster has them.
# The owner makes and changes the tables and is not held by row security; the app role serves requests and is.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE curbstop_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION BYPASSRLS PASSWORD :'owner_password';
CREATE ROLE curbstop_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE curbstop OWNER curbstop_owner;
REVOKE ALL ON DATABASE curbstop FROM PUBLIC;
GRANT CONNECT ON DATABASE curbstop TO curbstop_app;
\connect curbstop
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
