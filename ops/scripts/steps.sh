# Sourced by ops/run, ops/test and ops/bench: one step after the other, each with the time it took; a signal ends the step that is
# under way and all it started.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"
began_us=${EPOCHREALTIME/[.,]/}
step_pid='' step_group=no interrupted=''

elapsed() {
  local tenths=$(( (${EPOCHREALTIME/[.,]/} - began_us) / 100000 ))
  printf '%3d.%d s' $((tenths / 10)) $((tenths % 10))
}

# Standard error: what a script writes to standard output is for another script to read.
say() { printf '[%s] %s\n' "$(elapsed)" "$*" >&2; }

# Prints why, and ends with the code (wire format of the command line: 2 usage, 3 something is missing, 4 refused, 5 failed).
give_up() {
  local code=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$code"
}

on_signal() {
  interrupted=$1
  if [ -n "$step_pid" ] && [ $step_group = yes ]; then kill -TERM -- "-$step_pid" 2>/dev/null || true; fi
}
trap 'on_signal 130' INT
trap 'on_signal 143' TERM HUP

# wait, but through signals: bash returns from it early when one is trapped.
wait_for() {
  local code=0
  while true; do
    code=0
    wait "$1" || code=$?
    kill -0 "$1" 2>/dev/null || break
  done
  [ -z "$interrupted" ] || exit "$interrupted"
  return $code
}

# run_step NAME COMMAND...: in a session of its own, so that it can be ended with all its children.
run_step() {
  local name=$1 code=0
  shift
  say "$name"
  setsid "$@" </dev/null 9>&- &
  step_pid=$! step_group=yes
  wait_for $step_pid || code=$?
  step_pid=''
  return $code
}

# Like run_step, but on our own terminal, for what may ask for a password; it is not interrupted, as half an installation is worse.
run_uninterrupted() {
  local name=$1 code=0
  shift
  say "$name"
  "$@" 9>&- &
  step_pid=$! step_group=no
  wait_for $step_pid || code=$?
  step_pid=''
  return $code
}

# Refuses to go on with less than 500 MB on the disk of a folder: a build or a database that runs full half-way is worse.
need_space() {
  local free_mb
  free_mb=$(( $(df --output=avail -B 1 "$1" | tail -n 1) / 1000000 ))
  [ $free_mb -ge 500 ] || give_up 4 "the disk of $1 is full: $free_mb MB are left, 500 MB are needed; nothing was changed"
}
