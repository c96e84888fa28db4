#!/bin/sh
# serve: one Postgres with pgvector, its data in /data/postgres.
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, or the name of a file in POSTGRES_USER_FILE and so on.
# POSTGRES_TLS_DIR: a folder with tls.crt and tls.key; connections must then be encrypted. Changed files are taken up within the hour.
# POSTGRES_MAX_CONNECTIONS: 200.
set -eu
data=/data/postgres
scratch=${TMPDIR:-/tmp}

setting() { # NAME [DEFAULT]
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$file" ]; then value=$(cat "$file"); fi
    value=${value:-${2:-}}
    if [ -z "$value" ]; then echo "postgres: set $1 or $1_FILE" >&2 && exit 1; fi
    printf %s "$value"
}

if [ ! -s $data/PG_VERSION ]; then
    user=$(setting POSTGRES_USER)
    password=$(setting POSTGRES_PASSWORD)
    name=$(setting POSTGRES_DB kinora)
    umask 077
    rm -rf $data.new # of a first start that was interrupted
    printf %s "$password" >"$scratch/password"
    initdb --pgdata=$data.new --username="$user" --pwfile="$scratch/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums >/dev/null
    rm "$scratch/password"
    echo "create database \"$name\"" | postgres --single -D $data.new postgres >/dev/null
    mv $data.new $data
fi

host=host
set -- -c jit=off -c listen_addresses='*' -c max_connections="${POSTGRES_MAX_CONNECTIONS:-200}" -c unix_socket_directories="$scratch" -c log_timezone=UTC -c timezone=UTC
if [ -n "${POSTGRES_TLS_DIR:-}" ]; then
    host=hostssl
    set -- "$@" -c ssl=on -c ssl_cert_file="$POSTGRES_TLS_DIR/tls.crt" -c ssl_key_file="$POSTGRES_TLS_DIR/tls.key"
    (while sleep 3600; do kill -HUP 1; done) &
fi
echo "$host all all all scram-sha-256" >"$scratch/pg_hba.conf"
exec postgres -D $data -c hba_file="$scratch/pg_hba.conf" "$@"
