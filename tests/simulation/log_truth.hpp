#pragma once

#include "actors/runtime/entity_core.hpp"
#include "events/log/memory_log.hpp"
#include "events/log/slice_map.hpp"
#include "events/replay/chain_checker.hpp"
#include "events/vault/memory_key_ring.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::simulation {

/// What the log says, by the epoch rule and nothing else: the measure of every check. Reads on as the log grows; a pure fold.
class log_truth {
public:
  log_truth(std::shared_ptr<events::memory_log> log, std::shared_ptr<events::memory_wrapped_key_store> vault);

  struct folded_entity {
    events::entity_address address{};
    std::unique_ptr<actors::runtime::entity_core> now; ///< null for control records
    std::vector<events::stored_record> records;        ///< that count, in order
  };
  /// A record that counts, with its events.
  struct counted_record {
    events::stored_record stored;
    std::vector<events::recorded_event> happened;
  };

  /// Reads what was appended since; says what is wrong with it.
  std::vector<std::string> read_on();

  events::record_verdict verdict(events::log_position at) const;
  const counted_record* counted_at(events::log_position at) const;
  /// Records that count and carry this command of this slice.
  const std::vector<events::log_position>& of_command(const events::uuid& slice_key, events::command_id id) const;
  const std::map<events::entity_ref, folded_entity>& entities() const { return entities_; }
  const std::vector<counted_record>& counted(events::partition_number partition) const { return counted_[partition.value]; }
  std::uint32_t partitions() const { return static_cast<std::uint32_t>(counted_.size()); }
  /// Replies that were asked for and have not ended, as the log says.
  const std::map<events::effect_id, events::entity_ref>& open_replies() const { return open_replies_; }
  /// The slice map, once partition 0 holds one.
  const std::optional<events::slice_map>& slices() const { return slices_; }
  /// Where what was read of a partition ends.
  events::log_offset end(events::partition_number partition) const { return {verdicts_[partition.value].size()}; }
  /// Whether the process owned the partition at some place between `from` and the end.
  bool owned(events::partition_number partition, const std::string& process, events::log_offset from) const;
  /// Which process announced this writer.
  std::string process_of(events::writer_id writer) const;
  events::epoch_rule::counters counters() const;
  events::key_ring& keys() { return *keys_; }

  /// The entity as it stood after this sequence, folded again from its first record.
  std::unique_ptr<actors::runtime::entity_core> folded_to(const events::entity_ref& entity, events::sequence_number sequence) const;

private:
  void take(events::partition_number partition, events::stored_record stored, std::vector<std::string>& wrong);
  void fold(folded_entity& into, const counted_record& record);

  std::shared_ptr<events::memory_log> log_;
  std::shared_ptr<events::key_ring> keys_;
  std::vector<events::chain_checker> checkers_;
  std::vector<std::vector<events::record_verdict>> verdicts_;
  std::vector<std::vector<counted_record>> counted_;
  std::vector<std::map<std::uint64_t, std::size_t>> places_; ///< offset → index in counted_
  std::map<events::entity_ref, folded_entity> entities_;
  std::map<std::pair<events::uuid, events::command_id>, std::vector<events::log_position>> commands_;
  std::map<events::effect_id, events::entity_ref> open_replies_;
  std::map<events::writer_id, std::string> writers_;
  std::vector<std::vector<std::pair<events::log_offset, std::string>>> owners_; ///< by partition: from where on, who
  std::optional<events::slice_map> slices_;
};

} // namespace reverie::simulation
