# How clients, brokers and controllers of a local Kafka reach each other: ports, address, certificates, passwords. Sourced by ops/scripts/kafka.
# shellcheck shell=bash

# Free ports for each broker: for clients, for the controllers among themselves, and for the brokers where clients need a password.
choose_ports() {
  mapfile -t ports < <(python3 - "$address" "$count" <<'PY'
import socket, sys
held = [socket.socket() for _ in range(3 * int(sys.argv[2]))]
for each in held: each.bind((sys.argv[1], 0))
numbers = [each.getsockname()[1] for each in held]
for i in range(0, len(numbers), 3): print(*numbers[i:i + 3])
PY
)
  printf '%s\n' "${ports[@]}" > "$home/ports"
  printf '%s %s\n' "$address" "$security" > "$home/access"
}

# The port of broker N for: 0 clients, 1 controllers, 2 brokers.
port() {
  local numbers
  read -ra numbers <<< "${ports[$1 - 1]}"
  printf '%s' "${numbers[$2]}"
}

# An authority of its own, a certificate for the address that all brokers show, and a password.
make_keys() {
  [ "$security" = sasl ] && [ ! -f "$home/keys/password" ] || return 0
  command -v openssl >/dev/null 2>&1 || { say "openssl is not installed"; exit 3; }
  local keys=$home/keys
  install -d -m 755 "$keys"
  {
    openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=Local Kafka authority" -keyout "$keys/ca.key" -out "$keys/ca.pem"
    openssl req -newkey rsa:2048 -nodes -subj "/CN=kafka" -keyout "$keys/broker.key" -out "$keys/broker.request"
    openssl x509 -req -sha256 -days 3650 -in "$keys/broker.request" -CA "$keys/ca.pem" -CAkey "$keys/ca.key" -CAcreateserial -out "$keys/broker.crt" \
      -extfile <(printf 'subjectAltName=IP:%s,DNS:localhost\n' "$address")
  } 2> "$keys/openssl.log" || { cat "$keys/openssl.log" >&2; say "no certificates could be made"; exit 5; }
  cat "$keys/broker.key" "$keys/broker.crt" > "$keys/broker.pem"
  chmod 600 "$keys"/*.key "$keys/broker.pem"
  [ "$(id -u)" != 0 ] || chown $account: "$keys/broker.pem"
  (umask 077 && openssl rand -hex 16 > "$keys/password.part" && mv "$keys/password.part" "$keys/password")
}

# What a client sets, as librdkafka names it.
client_options() {
  [ "$security" = sasl ] || return 0
  printf 'security.protocol=SASL_SSL;ssl.ca.location=%s;sasl.mechanism=SCRAM-SHA-256;sasl.username=reverie;sasl.password=%s\n' \
    "$home/keys/ca.pem" "$(cat "$home/keys/password")"
}

write_access() {
  local number=$1 here=$address:$(port "$1" 0) controller=$address:$(port "$1" 1) brokers
  if [ "$security" = plain ]; then
    cat <<SETTINGS
inter.broker.listener.name=PLAINTEXT
listeners=PLAINTEXT://$here,CONTROLLER://$controller
advertised.listeners=PLAINTEXT://$here
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
SETTINGS
    return
  fi
  brokers=$address:$(port "$number" 2)
  cat <<SETTINGS
inter.broker.listener.name=BROKERS
listeners=CLIENTS://$here,BROKERS://$brokers,CONTROLLER://$controller
advertised.listeners=CLIENTS://$here,BROKERS://$brokers
listener.security.protocol.map=CLIENTS:SASL_SSL,BROKERS:PLAINTEXT,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-256,PLAIN
listener.name.clients.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.clients.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_reverie="$(cat "$home/keys/password")";
ssl.keystore.type=PEM
ssl.keystore.location=$home/keys/broker.pem
SETTINGS
}
