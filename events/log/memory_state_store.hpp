#pragma once

#include "events/log/state_store.hpp"

#include <map>
#include <mutex>
#include <unordered_map>

namespace reverie::events {

/// Local state in memory, for tests and simulation. Checkpoints are copies.
class memory_state_store : public state_store {
public:
  struct content {
    std::map<std::pair<uuid, entity_ref>, entity_blob> blobs; ///< slice key first, as on disk
    std::map<std::pair<entity_address, sequence_number>, history_entry> history;
    std::map<command_id, stored_answer> answers;
    std::map<entity_ref, std::pair<sequence_number, chain_hash>> tips;
    std::map<effect_id, pending_effect> effects;
    applied_position applied{};
  };

  outcome<void> write(const state_batch& batch) override;
  outcome<std::optional<entity_blob>> load(const entity_address& address) override;
  outcome<std::optional<stored_answer>> answer_of(command_id command) override;
  outcome<std::optional<std::pair<sequence_number, chain_hash>>> tip_of(const entity_ref& entity) override;
  outcome<std::vector<history_entry>> history(const entity_address& address, sequence_number from, std::size_t entries_max) override;
  outcome<applied_position> applied() override;
  outcome<std::vector<pending_effect>> pending_effects() override;
  outcome<void> for_each_blob(const std::function<bool(const entity_blob&)>& visit) override;
  outcome<void> for_each_tip(const std::function<bool(const entity_ref&, sequence_number, const chain_hash&)>& visit) override;
  outcome<checkpoint_manifest> checkpoint(timestamp now) override;
  outcome<std::vector<checkpoint_manifest>> checkpoints() override;

  /// Back to the newest generation made, or to nothing: what is left after a crash that took the rest.
  void fall_back();
  /// What a kept generation holds; null when it is gone.
  std::shared_ptr<const content> kept_content(std::uint64_t generation) const;
  /// Replaces all there is, by a kept generation (false: it is gone) or by what is given.
  bool put_in_place(std::uint64_t generation);
  void put_in_place(content whole);
  /// While set, every write answers this failure.
  void fail_writes(std::optional<failure_code> code);

private:
  mutable std::mutex mutex_;
  content now_;
  std::vector<std::pair<checkpoint_manifest, content>> generations_;
  std::uint64_t last_generation_ = 0;
  std::optional<failure_code> failing_;
};

/// One memory_state_store per partition; the same one again when it is opened again.
class memory_state_store_factory : public state_store_factory {
public:
  outcome<std::shared_ptr<state_store>> open(partition_number partition) override;
  std::shared_ptr<memory_state_store> of(partition_number partition);

private:
  std::mutex mutex_;
  std::map<partition_number, std::shared_ptr<memory_state_store>> stores_;
};

} // namespace reverie::events
