#!/usr/bin/env bash
# The private Postgres: starts once, survives kill -9, keeps what was written, is reachable from long paths, refuses other versions.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
postgres=$top/ops/scripts/postgres
database_dir="$scratch/data with a space"

url=$("$postgres" start "$database_dir" --test)
query() { psql -XAtq "$url" -c "$1"; }
expect "a started Postgres says where it is" "$url" "$("$postgres" status "$database_dir")"
expect "a second start gives the same" "$url" "$("$postgres" start "$database_dir" --test)"
expect "it does not listen on TCP" "" "$(query 'SHOW listen_addresses')"
expect "it does not log what people wrote" "panic 0 0" \
  "$(query "SELECT current_setting('log_min_error_statement') || ' ' || current_setting('log_parameter_max_length') || ' ' || current_setting('log_parameter_max_length_on_error')")"
query 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)'
query 'CHECKPOINT'

kill -9 "$(psql -XAtq "$url" -c "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")"
url=$("$postgres" start "$database_dir" --test)
expect "after kill -9 it starts and has what was written" 7 "$(query 'SELECT n FROM kept')"

"$postgres" stop "$database_dir"
expect_refusal "a stopped Postgres has no address" 3 "" "$postgres" status "$database_dir"
"$postgres" stop "$database_dir"
expect "stopping twice is fine" 0 $?

version_file=$(find "$database_dir" /var/lib/reverie -maxdepth 4 -name PG_VERSION -path '*/data/PG_VERSION' 2>/dev/null | grep -F "$database_dir" | head -n 1)
echo 16 > "$version_file"
expect_refusal "files of another version" 4 "was made by PostgreSQL 16" "$postgres" start "$database_dir"
"$postgres" remove "$database_dir"

database_dir=$scratch/$(printf 'a-long-name-%.0s' 1 2 3 4 5 6 7 8 9 10)
url=$("$postgres" start "$database_dir" --test)
expect "a folder that is too long for a socket works" 1 "$(query 'SELECT 1')"
"$postgres" remove "$database_dir"
expect_refusal "an unknown action" 2 "usage" "$postgres" dance "$database_dir"
finish
