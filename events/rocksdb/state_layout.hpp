#pragma once

#include "events/log/state_store.hpp"

#include <string>
#include <string_view>

/// How a partition's local state lies in RocksDB: one column family per kind of fact, keys that sort as their walk needs.
namespace reverie::events::state_layout {

inline constexpr std::uint32_t version = 1;

std::string address_key(const entity_address& address); ///< slice key, kind, id
std::string entity_key(const entity_ref& entity);       ///< kind, id
std::string history_key(const entity_address& address, sequence_number first);
std::string id_key(const uuid& id);

std::string blob_value(const entity_blob& blob);
std::string history_value(const history_entry& entry);
std::string answer_value(const stored_answer& answer);
std::string tip_value(sequence_number next, const chain_hash& last);
std::string effect_value(const pending_effect& effect);
std::string applied_value(const applied_position& applied);

// Each gives nothing when the bytes are not what was written.
std::optional<entity_blob> read_blob(std::string_view key, std::string_view value);
std::optional<history_entry> read_history(std::string_view key, std::string_view value);
std::optional<stored_answer> read_answer(std::string_view value);
std::optional<std::pair<sequence_number, chain_hash>> read_tip(std::string_view value);
std::optional<entity_ref> read_entity_key(std::string_view key);
std::optional<pending_effect> read_effect(std::string_view key, std::string_view value);
std::optional<applied_position> read_applied(std::string_view value);
/// Only the time of an answer: what its expiry needs.
std::optional<timestamp> answer_time(std::string_view value);

} // namespace reverie::events::state_layout
