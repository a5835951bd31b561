#!/usr/bin/env bash
# The private Kafka: starts once, keeps its ports, survives kill -9, gives way when a port is taken, needs nothing from outside when warm.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
kafka=$top/ops/scripts/kafka
cluster_dir="$scratch/data with a space"
mkdir -p "$cluster_dir"

"$kafka" prepare
mkdir "$scratch/bin"
printf '#!/bin/sh\necho called >> "%s/mvn-was-called"\nexit 1\n' "$scratch" > "$scratch/bin/mvn"
chmod +x "$scratch/bin/mvn"
list=$(PATH="$scratch/bin:$PATH" "$kafka" start "$cluster_dir")
expect "a warm start asks Maven for nothing" absent "$([ -e "$scratch/mvn-was-called" ] && echo called || echo absent)"
expect "a started Kafka says where it is" "$list" "$("$kafka" status "$cluster_dir")"
expect "a second start gives the same" "$list" "$("$kafka" start "$cluster_dir")"
expect "one broker answers" 1 "$(kcat -b "$list" -L | grep -c '^  broker ')"
expect "it listens on loopback only" "" "$(kcat -b "$list" -L | grep '^  broker ' | grep -v 'at 127.0.0.1:' || true)"
pid=$("$kafka" processes "$cluster_dir")
expect "it does not run as root" no "$([ "$(stat -c %u "/proc/$pid")" = 0 ] && echo yes || echo no)"

kill -9 "$pid"
expect "after kill -9 it starts at the same place" "$list" "$("$kafka" start "$cluster_dir")"
"$kafka" stop "$cluster_dir"
expect "nothing is left of a stopped one" "" "$("$kafka" processes "$cluster_dir")"
expect_refusal "a stopped Kafka has no address" 3 "" "$kafka" status "$cluster_dir"
"$kafka" stop "$cluster_dir"
expect "stopping twice is fine" 0 $?
expect_refusal "another number of brokers" 4 "holds a cluster of 1 brokers, not 3" "$kafka" start "$cluster_dir" 3

exec 5< <(exec python3 -c 'import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(); print("held", flush=True); time.sleep(120)' "${list##*:}")
children+=($!)
read -r _ <&5
other=$("$kafka" start "$cluster_dir")
expect "a taken port is left to its holder" different "$([ "$other" = "$list" ] && echo same || echo different)"
expect "and Kafka answers at another" 1 "$(kcat -b "$other" -L | grep -c '^  broker ')"
"$kafka" remove "$cluster_dir"

cluster_dir=$scratch/three
mkdir -p "$cluster_dir"
list=$("$kafka" start "$cluster_dir" 3)
expect "three brokers know each other" 3 "$(kcat -b "${list%%,*}" -L | grep -c '^  broker ')"
"$kafka" stop "$cluster_dir" 2
expect "one can be stopped alone" "2 0" "$("$kafka" processes "$cluster_dir" | wc -l) $("$kafka" processes "$cluster_dir" 2 | wc -l)"
expect "and comes back with the others' list" "$list" "$("$kafka" start "$cluster_dir")"
"$kafka" remove "$cluster_dir"
expect_refusal "an unknown action" 2 "usage" "$kafka" dance "$cluster_dir"
finish
