#!/bin/sh
# Runs once, in a new database: an owner who is no superuser. Commonpot refuses to serve as one.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v password="$COMMONPOT_PASSWORD" <<'SQL'
create role commonpot login createrole password :'password';
create database commonpot owner commonpot;
SQL
