# Sourced by the tests of the shell scripts: a scratch folder that goes away, and expectations that name what they expected.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
scratch=$(mktemp -d /tmp/reverie-scripts.XXXXXX)
chmod 755 "$scratch"
failures=0
children=()

clean_up() {
  local child
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  [ -z "${database_dir:-}" ] || "$top/ops/scripts/postgres" remove "$database_dir" >/dev/null 2>&1 || true
  [ -z "${cluster_dir:-}" ] || "$top/ops/scripts/kafka" remove "$cluster_dir" >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap clean_up EXIT

# expect WHAT EXPECTED GOT
expect() {
  if [ "$2" = "$3" ]; then
    printf 'ok: %s\n' "$1"
  else
    printf 'FAILED: %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}

# expect_refusal WHAT EXIT_CODE WORDS COMMAND...: the command ends with the code, and its last line of errors holds the words.
expect_refusal() {
  local what=$1 code=$2 words=$3 got=0 said
  shift 3
  said=$("$@" 2>&1 >/dev/null </dev/null) || got=$?
  expect "$what: exit code" "$code" "$got"
  case $said in
    *"$words"*) printf 'ok: %s: says "%s"\n' "$what" "$words" ;;
    *) printf 'FAILED: %s: expected the words "%s" in: %s\n' "$what" "$words" "$said"; failures=$((failures + 1)) ;;
  esac
}

finish() { [ "$failures" = 0 ] || { printf '%d expectations failed\n' "$failures"; exit 1; }; }
