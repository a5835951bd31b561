#include "actors/runtime/sealing.hpp"

#include "events/codec/fields_json.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

/// Commands to what is nobody's hold nothing private: a fixed key only shapes the digest.
const events::data_key& public_key() {
  static const events::data_key key{std::array<std::uint8_t, 32>{}};
  return key;
}

constexpr std::size_t person_bytes = 16;

std::string state_context(const events::entity_ref& entity) { return "state/" + events::to_string(entity); }

} // namespace

outcome<events::shared_key> key_of(events::key_ring& keys, events::user_id person, key_access access) {
  if (auto found = keys.find(person)) return found;
  if (access == key_access::memory_only) return fail(failure_code::key_unavailable, "the person's key is not in memory");
  return keys.load(person);
}

events::field_sealer sealer_for(events::user_id person, const events::data_key& key) {
  return [person, &key](std::string_view context, std::string_view plain) { return events::seal(person, key, context, plain); };
}

events::field_opener opener_from(events::key_ring& keys, key_access access) {
  return [&keys, access](std::string_view name, std::string_view context, std::string_view nonce,
                         std::string_view box) -> outcome<std::string> {
    auto owner = events::parse_entity(name);
    if (!owner || owner->kind != events::entity_kind::user) return fail(failure_code::malformed, "a sealed field names no person");
    auto key = key_of(keys, events::user_id{owner->id}, access);
    if (!key) return std::unexpected(key.error());
    return events::unseal(**key, context, nonce, box);
  };
}

std::string content_of(const any_command& command) {
  std::string text{name_of(command)};
  text += '\n';
  std::visit(
      [&](const auto& of_kind) {
        std::visit([&](const auto& one) { text += events::to_canonical_json(one); }, of_kind);
      },
      command);
  return text;
}

std::array<std::uint8_t, 16> digest_of(const any_command& command, const events::data_key* key) {
  return events::keyed_digest(key != nullptr ? *key : public_key(), "command", content_of(command));
}

std::string close_state(events::user_id person, const events::data_key* key, const events::entity_ref& entity,
                        std::string_view state) {
  std::string bytes(person_bytes, '\0');
  std::copy(person.value.bytes.begin(), person.value.bytes.end(), bytes.begin());
  bytes += key != nullptr ? events::seal_bytes(*key, state_context(entity), state) : std::string{state};
  return bytes;
}

outcome<events::user_id> owner_of_state(std::string_view bytes) {
  if (bytes.size() < person_bytes) return fail(failure_code::malformed, "a stored state is too short");
  events::user_id person;
  for (std::size_t i = 0; i < person_bytes; ++i) person.value.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
  return person;
}

outcome<std::string> open_state(const events::data_key* key, const events::entity_ref& entity, std::string_view bytes) {
  auto body = bytes.substr(std::min(person_bytes, bytes.size()));
  if (key == nullptr) return std::string{body};
  return events::unseal_bytes(*key, state_context(entity), body);
}

} // namespace reverie::actors::runtime
