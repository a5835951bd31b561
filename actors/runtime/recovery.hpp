#pragma once

#include "actors/runtime/entity_loading.hpp"
#include "actors/runtime/interfaces.hpp"
#include "actors/runtime/ledger.hpp"
#include "actors/runtime/ports.hpp"
#include "events/log/slice_map.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace reverie::actors::runtime {

/// Next sequence and last link of an entity.
struct chain_tip {
  events::sequence_number next{1};
  events::chain_hash hash{};
};
using chain_tips = std::unordered_map<events::entity_ref, chain_tip>;

/// A partition as it stands at the end of the log, before it is announced for this process.
struct recovered_partition {
  std::shared_ptr<events::state_store> store;
  std::shared_ptr<events::log_reader> reader; ///< stands at `applied.next`
  events::applied_position applied{};
  events::epoch_rule rule;
  events::epoch_rule::counters counted_before; ///< by rules that were made anew since
  chain_tips tips;
  std::vector<events::pending_effect> pending;
  std::vector<std::pair<events::entity_ref, std::string>> parked;
  std::optional<events::slice_map> slices; ///< of partition 0, when the log holds one
  std::uint64_t records = 0;
  std::string from; ///< what it began with, for people
  std::optional<checkpoint_status> checkpoint; ///< the newest of this node's own
};

struct recovery_result {
  events::outcome<recovered_partition> partition;
};

/// What two parts of one pass counted.
events::epoch_rule::counters sum_of(const events::epoch_rule::counters& one, const events::epoch_rule::counters& other);

/// A generation as the status of its partition shows it.
checkpoint_status shown(const events::checkpoint_manifest& manifest);

/// Chooses the state that a partition begins with (state_choice.hpp), reads the log from where it stands to the end and folds what counts: no actor is made, no
/// effect is started. Blocks; runs on a worker. The same state store and log give the same result, and so does an empty store.
events::outcome<recovered_partition> recover_partition(const node_ports& ports, events::partition_number partition);

/// Where the control records of a partition and its stored slice map lie.
events::entity_address control_address(events::partition_number partition);
/// The stored form of a slice map that a record says.
events::entity_blob stored_slices(const events::stored_record& record, const events::partition::slices_mapped& mapped);

} // namespace reverie::actors::runtime
