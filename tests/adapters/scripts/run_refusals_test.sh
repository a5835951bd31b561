#!/usr/bin/env bash
# ops/run refuses before it changes anything: each refusal has its words and its exit code.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
run=$top/ops/run
data=$scratch/data

expect_refusal "an unknown argument" 2 "unknown argument --prot" "$run" --prot 1
expect_refusal "a port that is no number" 2 "--port must be a number" "$run" --port eighty
expect_refusal "a port that is too large" 2 "--port must be a number" "$run" --port 65536
expect_refusal "a flag without its value" 2 "--data needs a value" "$run" --data
expect_refusal "several nodes without a log that they share" 2 "--nodes needs --kafka" "$run" --nodes 3
expect_refusal "no nodes at all" 2 "--nodes must be a number" "$run" --kafka --nodes 0

exec 5< <(exec python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); print(s.getsockname()[1], flush=True); time.sleep(60)')
children+=($!)
read -r taken <&5
expect_refusal "a taken port" 4 "port $taken is taken" "$run" --port "$taken" --data "$data"

mkdir -p "$data"
exec 6>"$data/run.lock"
flock 6
expect_refusal "a data folder that is in use" 4 "another ops/run uses the data folder" "$run" --port 0 --data "$data"
exec 6>&-

echo 999 > "$data/format"
expect_refusal "a data folder of a newer version" 4 "written by a newer version (format 999" "$run" --port 0 --data "$data"
expect "it is left as it was" 999 "$(cat "$data/format")"
rm "$data/format"

mkdir "$scratch/bin"
printf '#!/bin/sh\nprintf "Avail\\n400000000\\n"\n' > "$scratch/bin/df"
chmod +x "$scratch/bin/df"
expect_refusal "a full disk" 4 "400 MB are left, 500 MB are needed" env PATH="$scratch/bin:$PATH" "$run" --port 0 --data "$data"
expect "nothing was made in the folder" "run.lock" "$(ls "$data")"
finish
