#include "actors/runtime/entity_core.hpp"

#include "events/model/assert.hpp"
#include "events/model/limits.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace reverie::actors::runtime {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::size_t growth_noticed_bytes = 4096;
constexpr std::size_t state_bytes_per_event = 256; ///< of nodes and ids beside what the record says, roughly

std::array<std::uint8_t, 16> hash_state(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  std::array<std::uint8_t, 16> hash{};
  std::memcpy(hash.data(), canonical.digest, hash.size());
  return hash;
}

std::vector<events::event_type> types_of(std::span<const events::event> happened) {
  std::vector<events::event_type> types;
  types.reserve(happened.size());
  for (const auto& each : happened) {
    auto version = std::visit([](const auto& one) { return static_cast<std::uint16_t>(std::decay_t<decltype(one)>::version); }, each);
    types.push_back({std::string{events::name_of(each)}, version});
  }
  return types;
}

} // namespace

std::vector<events::recorded_event> with_contexts(const events::stored_record& record, std::vector<events::event> happened) {
  const auto& headers = record.content.headers;
  std::vector<events::recorded_event> result;
  result.reserve(happened.size());
  auto sequence = headers.first_sequence;
  for (auto& each : happened) {
    result.push_back({{record.content.address(), record.position, sequence, headers.at, headers.command, headers.correlation},
                      std::move(each)});
    sequence = sequence.next();
  }
  return result;
}

entity_core::entity_core(const events::entity_address& address)
    : address_(address), logic_(make_entity_logic(address.entity.kind)) {}

outcome<events::record> entity_core::seal(const command_envelope& envelope, std::span<const events::event> decided,
                                          events::timestamp at, events::user_id person, const events::data_key* key) const {
  REVERIE_ASSERT(!decided.empty(), "a record holds at least one event");
  if (decided.size() > events::limits::events_per_record)
    return fail(failure_code::too_large, "the decision has more events than a record may hold");
  events::record made;
  made.slice_key = address_.slice_key;
  made.value = events::encode_events(decided, key != nullptr ? sealer_for(person, *key) : events::field_sealer{});
  if (made.value.size() + 4096 + decided.size() * 64 > events::limits::record_bytes)
    return fail(failure_code::too_large, "the record is over the limit of a record");
  auto& headers = made.headers;
  headers.entity = address_.entity;
  headers.first_sequence = last_sequence_.next();
  headers.types = types_of(decided);
  headers.command = envelope.id;
  headers.command_digest = digest_of(envelope.command, key);
  headers.correlation = envelope.correlation;
  headers.cause = envelope.cause;
  headers.at = at;
  headers.previous_hash = last_hash_;
  headers.hash = events::hash_of(made);
  return made;
}

outcome<std::vector<events::recorded_event>> entity_core::read(const events::stored_record& record,
                                                               const events::field_opener& opener) const {
  if (record.content.headers.first_sequence != last_sequence_.next() || record.content.headers.previous_hash != last_hash_)
    return fail(failure_code::corrupted, "the chain of " + events::to_string(address_.entity) + " breaks at " +
                                             events::to_string(record.position));
  auto decoded = events::decode_events(record.content.value, opener);
  if (!decoded) return std::unexpected(decoded.error());
  if (decoded->events.size() != record.content.headers.types.size())
    return fail(failure_code::malformed, "headers and value disagree at " + events::to_string(record.position));
  return with_contexts(record, std::move(decoded->events));
}

std::size_t entity_core::memory_bytes() const {
  const auto noticed = std::max(measured_bytes_ / 8, growth_noticed_bytes);
  if (measured_bytes_ == 0 || grown_bytes_ >= noticed) {
    measured_bytes_ = sizeof *this + logic_->memory_bytes();
    grown_bytes_ = 0;
    ++times_measured_;
  }
  return measured_bytes_ + grown_bytes_;
}

applied_effects entity_core::apply(const events::stored_record& record, std::span<const events::recorded_event> happened) {
  applied_effects asked;
  for (const auto& each : happened) {
    logic_->evolve(each.payload, each.context);
    auto reaction = logic_->react(each.payload, each.context);
    for (auto& [id, what] : reaction.begin)
      asked.begun.push_back(
          {id, address_, {address_.entity, each.context.sequence}, each.context.correlation, std::move(what)});
    asked.settled.insert(asked.settled.end(), reaction.settle.begin(), reaction.settle.end());
  }
  last_sequence_ = record.content.last_sequence();
  last_hash_ = record.content.headers.hash;
  last_position_ = record.position;
  grown_bytes_ += record.content.value.size() + state_bytes_per_event * happened.size();
  changed_ = true;
  return asked;
}

applied_effects entity_core::react(std::span<const events::recorded_event> happened) const {
  applied_effects asked;
  for (const auto& each : happened) {
    auto reaction = logic_->react(each.payload, each.context);
    for (auto& [id, what] : reaction.begin)
      asked.begun.push_back(
          {id, address_, {address_.entity, each.context.sequence}, each.context.correlation, std::move(what)});
    asked.settled.insert(asked.settled.end(), reaction.settle.begin(), reaction.settle.end());
  }
  return asked;
}

outcome<events::entity_blob> entity_core::save(events::key_ring& keys, key_access access) {
  auto blob = copy(keys, access);
  if (blob) changed_ = false;
  return blob;
}

outcome<events::entity_blob> entity_core::copy(events::key_ring& keys, key_access access) const {
  const auto person = sealed_for(address_, *logic_, nullptr);
  events::shared_key key;
  if (!person.is_nil()) {
    auto found = key_of(keys, person, access);
    if (!found) return std::unexpected(found.error());
    key = *found;
  }
  auto state = logic_->state_bytes();
  events::entity_blob blob;
  blob.address = address_;
  blob.last_sequence = last_sequence_;
  blob.last_hash = last_hash_;
  blob.schema_version = logic_->schema_version();
  blob.state_hash = hash_state(state);
  blob.bytes = close_state(person, key.get(), address_.entity, state);
  return blob;
}

outcome<void> entity_core::restore(const events::entity_blob& blob, events::key_ring& keys, key_access access) {
  auto person = owner_of_state(blob.bytes);
  if (!person) return std::unexpected(person.error());
  events::shared_key key;
  if (!person->is_nil()) {
    auto found = key_of(keys, *person, access);
    if (!found) return std::unexpected(found.error());
    key = *found;
  }
  auto state = open_state(key.get(), address_.entity, blob.bytes);
  if (!state) return std::unexpected(state.error());
  if (hash_state(*state) != blob.state_hash)
    return fail(failure_code::corrupted, "the stored state of " + events::to_string(address_.entity) + " does not match its hash");
  auto fresh = make_entity_logic(address_.entity.kind);
  if (blob.schema_version != fresh->schema_version())
    return fail(failure_code::unknown_version, "the stored state has another schema version");
  if (auto restored = fresh->restore(*state); !restored) return restored;
  logic_ = std::move(fresh);
  last_sequence_ = blob.last_sequence;
  last_hash_ = blob.last_hash;
  measured_bytes_ = 0;
  changed_ = false;
  return {};
}

} // namespace reverie::actors::runtime
