#!/bin/sh
# Makes the database `duo` and the user `duo`, who owns it and is nobody else. Run by the image of PostgreSQL when its
# volume is new; by hand: as the server's administrator, with DUO_PASSWORD_FILE naming a file that holds the password.
#
# The password is read by psql itself and goes to the server over its own socket: it stands in no argument and in no
# environment. The administrator's, which the image wants, is one that nobody knows, and is taken away here.
set -eu
export DUO_PASSWORD_FILE="${DUO_PASSWORD_FILE:-/run/secrets/postgresql}"
test -s "$DUO_PASSWORD_FILE" || { echo "there is no password in $DUO_PASSWORD_FILE" >&2; exit 1; }
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set password `cat "$DUO_PASSWORD_FILE"`
SET password_encryption = 'scram-sha-256';
CREATE ROLE duo LOGIN PASSWORD :'password';
CREATE DATABASE duo OWNER duo ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE duo FROM PUBLIC;
SQL
if [ -n "${POSTGRES_PASSWORD:-}" ]; then
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --command "ALTER ROLE CURRENT_USER PASSWORD NULL"
fi
