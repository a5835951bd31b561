#pragma once

#include "actors/domain/entity_logic.hpp"
#include "events/log/event_log.hpp"
#include "events/replay/log_replay.hpp"
#include "events/vault/key_ring.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <iosfwd>
#include <optional>

namespace reverie::ops {

/// What is folded, and by which rules.
struct state_folding {
  events::event_log& log;
  events::key_ring& keys;
  events::replay_options replay;               ///< opener, progress, stop
  unsigned threads = 1;
  std::optional<events::entity_kind> kind;     ///< only entities of this kind
  /// The rules; another build has its own.
  std::function<std::unique_ptr<actors::entity_logic>(events::entity_kind)> make_logic = actors::make_entity_logic;
};

struct saved_states {
  std::uint64_t records = 0, entities = 0;
  std::uint64_t erased = 0; ///< whose key is destroyed: left out
};

/// One entity that folds to another state now.
struct state_difference {
  std::string entity;
  std::uint64_t sequence = 0;
  nlohmann::json patch; ///< RFC 6902, from the saved state to the one folded now
};

struct compared_states {
  std::uint64_t entities = 0, differences = 0;
  std::uint64_t missing = 0; ///< saved, and not in the log any more, or erased since
};

/// Folds the log and writes the state of each entity, a JSON line each, sealed with the key of its person: erasure reaches the file too.
/// Nothing in the log or the tables is touched. Blocks; needs the memory of all states.
events::outcome<saved_states> save_states(const state_folding& how, std::ostream& out);

/// Folds each saved entity up to the sequence it had then, by the rules of `how`, and tells every difference. `malformed` when the file is
/// not one of save_states.
events::outcome<compared_states> compare_states(const state_folding& how, std::istream& in, const std::function<void(const state_difference&)>& differs);

} // namespace reverie::ops
