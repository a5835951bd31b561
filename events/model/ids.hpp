#pragma once

#include "events/model/time.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reverie::events {

/// 16 bytes of an id. Text form: lower case with hyphens.
struct uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const uuid&, const uuid&) = default;
  bool is_nil() const { return *this == uuid{}; }
};

std::string to_string(const uuid& id);
/// Writes the 36 characters of the text form to `out`.
void write_text(const uuid& id, char* out);
/// Any case; nothing when malformed.
std::optional<uuid> parse_uuid(std::string_view text);

/// A version 7 UUID (RFC 9562) of a moment and 10 random bytes; pure, so that a decision can be given one.
uuid make_uuid_v7(timestamp at, std::span<const std::uint8_t, 10> random);
/// The moment inside a version 7 UUID; nothing for other versions.
std::optional<timestamp> time_of(const uuid& id);
/// A version 8 UUID from a name and up to three ids by XXH3-128: the same input gives the same id, for ever.
uuid derive_uuid(std::string_view purpose, const uuid& first, const uuid& second = {}, std::uint64_t number = 0);

/// A strong id: ids of different things do not mix. `Tag` names the thing.
template <class Tag>
struct strong_id {
  uuid value{};

  friend auto operator<=>(const strong_id&, const strong_id&) = default;
  bool is_nil() const { return value.is_nil(); }
};

template <class Tag>
std::string to_string(const strong_id<Tag>& id) { return to_string(id.value); }

using user_id = strong_id<struct user_id_tag>;
using session_id = strong_id<struct session_id_tag>;
using character_id = strong_id<struct character_id_tag>;
using bond_id = strong_id<struct bond_id_tag>;
using message_id = strong_id<struct message_id_tag>;
using memory_id = strong_id<struct memory_id_tag>;
using command_id = strong_id<struct command_id_tag>;
using correlation_id = strong_id<struct correlation_id_tag>;
using effect_id = strong_id<struct effect_id_tag>;
using writer_id = strong_id<struct writer_id_tag>;

/// A strong number: offsets, sequences and versions do not mix.
template <class Tag, class Value = std::uint64_t>
struct strong_number {
  Value value{};

  friend auto operator<=>(const strong_number&, const strong_number&) = default;
  strong_number next() const { return {static_cast<Value>(value + 1)}; }
};

using partition_number = strong_number<struct partition_number_tag, std::uint32_t>;
using log_offset = strong_number<struct log_offset_tag>;       ///< place of a record in its partition, from 0
using epoch_number = strong_number<struct epoch_number_tag>;   ///< ownership epoch of a partition, from 1
using sequence_number = strong_number<struct sequence_number_tag>; ///< number of an event within its entity, from 1

/// The one bond of a user with a character has a derived id: no look-up is needed to address it.
bond_id bond_of(user_id user, character_id character);
/// Each forked session has a forked bond of its own.
bond_id forked_bond_of(session_id fork);

/// The kinds of entities (DESIGN section 3). The numbers are stored.
enum class entity_kind : std::uint8_t {
  user = 1,
  session = 2,
  character = 3,
  bond = 4,
  workspace = 5,
  job = 6,
  partition = 7,
  forked_session = 8, ///< an operator's copy of a session, continued apart
  forked_bond = 9     ///< the bond that goes with it
};

/// Copies that operators continue apart: a kind of their own, so that nothing that asks for a person's sessions and bonds ever finds one.
constexpr bool is_fork(entity_kind kind) { return kind == entity_kind::forked_session || kind == entity_kind::forked_bond; }
/// The kind whose rules hold: a fork decides as what it is a copy of.
constexpr entity_kind base_of(entity_kind kind) {
  if (kind == entity_kind::forked_session) return entity_kind::session;
  return kind == entity_kind::forked_bond ? entity_kind::bond : kind;
}

std::string_view name_of(entity_kind kind);
std::optional<entity_kind> parse_entity_kind(std::string_view name);

/// An event-sourced actor instance. Text form: `session/<id>`.
struct entity_ref {
  entity_kind kind{};
  uuid id{};

  friend auto operator<=>(const entity_ref&, const entity_ref&) = default;
};

std::string to_string(const entity_ref& entity);
std::optional<entity_ref> parse_entity(std::string_view text);
/// The entity whose sequence the control records of a partition belong to: `partition/<n>`.
entity_ref partition_entity(partition_number partition);

/// An entity with the slice it lives in: the person's id for user, session and bond, else the entity's own id.
struct entity_address {
  entity_ref entity{};
  uuid slice_key{};

  friend auto operator<=>(const entity_address&, const entity_address&) = default;
};

inline constexpr std::uint32_t slice_count = 1024;
/// `xxh64(slice_key, seed 0) % 1024`.
std::uint32_t slice_of(const uuid& slice_key);

/// A place in the log. Text form, opaque to clients: `<partition>:<offset>`.
struct log_position {
  partition_number partition{};
  log_offset offset{};

  friend auto operator<=>(const log_position&, const log_position&) = default;
};

std::string to_string(const log_position& position);
std::optional<log_position> parse_position(std::string_view text);

} // namespace reverie::events

template <>
struct std::hash<reverie::events::uuid> {
  std::size_t operator()(const reverie::events::uuid& id) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, id.bytes.data(), sizeof halves);
    return static_cast<std::size_t>(halves[0] * 0x9E3779B97F4A7C15ULL ^ halves[1]);
  }
};

template <class Tag>
struct std::hash<reverie::events::strong_id<Tag>> {
  std::size_t operator()(const reverie::events::strong_id<Tag>& id) const noexcept {
    return std::hash<reverie::events::uuid>{}(id.value);
  }
};

template <>
struct std::hash<reverie::events::entity_ref> {
  std::size_t operator()(const reverie::events::entity_ref& entity) const noexcept {
    return std::hash<reverie::events::uuid>{}(entity.id) + static_cast<std::size_t>(entity.kind);
  }
};
