#include "events/rocksdb/state_layout.hpp"

#include "events/log/binary_text.hpp"

namespace reverie::events::state_layout {

namespace {

void put(std::string& out, const entity_ref& entity) {
  put_number(out, static_cast<std::uint8_t>(entity.kind));
  put_bytes(out, entity.id.bytes);
}

void put(std::string& out, const entity_address& address) {
  put_bytes(out, address.slice_key.bytes);
  put(out, address.entity);
}

entity_ref take_entity(binary_reader& in) {
  entity_ref entity;
  entity.kind = static_cast<entity_kind>(in.number<std::uint8_t>());
  in.bytes(entity.id.bytes);
  return entity;
}

entity_address take_address(binary_reader& in) {
  entity_address address;
  in.bytes(address.slice_key.bytes);
  address.entity = take_entity(in);
  return address;
}

template <class T>
std::optional<T> whole(const binary_reader& in, T value) {
  if (!in.good() || !in.at_end()) return std::nullopt;
  return value;
}

} // namespace

std::string address_key(const entity_address& address) {
  std::string key;
  put(key, address);
  return key;
}

std::string entity_key(const entity_ref& entity) {
  std::string key;
  put(key, entity);
  return key;
}

std::string history_key(const entity_address& address, sequence_number first) {
  auto key = address_key(address);
  put_number(key, first.value);
  return key;
}

std::string id_key(const uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

std::string blob_value(const entity_blob& blob) {
  std::string value;
  value.reserve(64 + blob.bytes.size());
  put_number(value, blob.last_sequence.value);
  put_bytes(value, blob.last_hash);
  put_number(value, blob.schema_version);
  put_bytes(value, blob.state_hash);
  value += blob.bytes;
  return value;
}

std::optional<entity_blob> read_blob(std::string_view key, std::string_view value) {
  binary_reader key_in(key), in(value);
  entity_blob blob;
  blob.address = take_address(key_in);
  blob.last_sequence.value = in.number<std::uint64_t>();
  in.bytes(blob.last_hash);
  blob.schema_version = in.number<std::uint32_t>();
  in.bytes(blob.state_hash);
  blob.bytes = in.rest();
  if (!key_in.good() || !key_in.at_end()) return std::nullopt;
  return whole(in, std::move(blob));
}

std::string history_value(const history_entry& entry) {
  std::string value;
  put_number(value, entry.events);
  put_number(value, entry.offset.value);
  return value;
}

std::optional<history_entry> read_history(std::string_view key, std::string_view value) {
  binary_reader key_in(key), in(value);
  take_address(key_in);
  history_entry entry;
  entry.first_sequence.value = key_in.number<std::uint64_t>();
  entry.events = in.number<std::uint16_t>();
  entry.offset.value = in.number<std::uint64_t>();
  if (!key_in.good() || !key_in.at_end()) return std::nullopt;
  return whole(in, entry);
}

std::string answer_value(const stored_answer& answer) {
  std::string value;
  put_number(value, static_cast<std::uint64_t>(to_milliseconds(answer.at)));
  put(value, answer.entity);
  put_bytes(value, answer.digest);
  put_bytes(value, answer.subject.bytes);
  put_number(value, answer.position.partition.value);
  put_number(value, answer.position.offset.value);
  put_number(value, answer.sequence.value);
  return value;
}

std::optional<stored_answer> read_answer(std::string_view value) {
  binary_reader in(value);
  stored_answer answer;
  answer.at = from_milliseconds(static_cast<std::int64_t>(in.number<std::uint64_t>()));
  answer.entity = take_entity(in);
  in.bytes(answer.digest);
  in.bytes(answer.subject.bytes);
  answer.position.partition.value = in.number<std::uint32_t>();
  answer.position.offset.value = in.number<std::uint64_t>();
  if (!in.at_end()) answer.sequence.value = in.number<std::uint64_t>(); // it came later: older answers have none
  return whole(in, answer);
}

std::optional<timestamp> answer_time(std::string_view value) {
  binary_reader in(value);
  auto at = in.number<std::uint64_t>();
  if (!in.good()) return std::nullopt;
  return from_milliseconds(static_cast<std::int64_t>(at));
}

std::string tip_value(sequence_number next, const chain_hash& last) {
  std::string value;
  put_number(value, next.value);
  put_bytes(value, last);
  return value;
}

std::optional<std::pair<sequence_number, chain_hash>> read_tip(std::string_view value) {
  binary_reader in(value);
  std::pair<sequence_number, chain_hash> tip;
  tip.first.value = in.number<std::uint64_t>();
  in.bytes(tip.second);
  return whole(in, tip);
}

std::optional<entity_ref> read_entity_key(std::string_view key) {
  binary_reader in(key);
  auto entity = take_entity(in);
  return whole(in, entity);
}

std::string effect_value(const pending_effect& effect) {
  std::string value;
  put(value, effect.owner);
  put(value, effect.cause.entity);
  put_number(value, effect.cause.sequence.value);
  value += effect.bytes;
  return value;
}

std::optional<pending_effect> read_effect(std::string_view key, std::string_view value) {
  binary_reader key_in(key), in(value);
  pending_effect effect;
  key_in.bytes(effect.id.value.bytes);
  effect.owner = take_address(in);
  effect.cause.entity = take_entity(in);
  effect.cause.sequence.value = in.number<std::uint64_t>();
  effect.bytes = in.rest();
  if (!key_in.good() || !key_in.at_end()) return std::nullopt;
  return whole(in, std::move(effect));
}

std::string applied_value(const applied_position& applied) {
  std::string value;
  put_number(value, applied.next.value);
  put_number(value, applied.pair.epoch.value);
  put_bytes(value, applied.pair.writer.value.bytes);
  return value;
}

std::optional<applied_position> read_applied(std::string_view value) {
  binary_reader in(value);
  applied_position applied;
  applied.next.value = in.number<std::uint64_t>();
  applied.pair.epoch.value = in.number<std::uint64_t>();
  in.bytes(applied.pair.writer.value.bytes);
  return whole(in, applied);
}

} // namespace reverie::events::state_layout
