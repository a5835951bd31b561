#pragma once

#include "actors/domain/effect.hpp"
#include "events/codec/event_codec.hpp"
#include "events/vault/key_ring.hpp"

#include <array>
#include <string>

/// How the runtime seals and opens what is a person's: one place for records, stored states and command digests.
namespace reverie::actors::runtime {

/// The key of a person, or why it can't be had. `key_unavailable` from memory means: ask a worker to load it.
enum class key_access { memory_only, may_block };

events::outcome<events::shared_key> key_of(events::key_ring& keys, events::user_id person, key_access access);

/// Seals fields for a person. The key must outlive the sealer.
events::field_sealer sealer_for(events::user_id person, const events::data_key& key);

/// Opens fields of anybody's whose key can be had this way.
events::field_opener opener_from(events::key_ring& keys, key_access access);

/// Keyed digest of a command's content (same id, other content: conflict); under a fixed key for what is nobody's.
std::array<std::uint8_t, 16> digest_of(const any_command& command, const events::data_key* key);

/// Canonical text of a command, to compare two that came under one id.
std::string content_of(const any_command& command);

/// Bytes of a stored state: the person (16 bytes, nil: open), then the state, sealed for them.
std::string close_state(events::user_id person, const events::data_key* key, const events::entity_ref& entity,
                        std::string_view state);
/// Whose key a stored state is sealed with; nil for open ones. `malformed` when it is too short.
events::outcome<events::user_id> owner_of_state(std::string_view bytes);
events::outcome<std::string> open_state(const events::data_key* key, const events::entity_ref& entity, std::string_view bytes);

} // namespace reverie::actors::runtime
