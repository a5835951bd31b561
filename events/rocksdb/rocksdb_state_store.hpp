#pragma once

#include "events/log/state_store.hpp"
#include "events/rocksdb/state_checkpoints.hpp"
#include "events/rocksdb/state_database.hpp"

#include <mutex>

namespace reverie::events {

/// Local state of one partition in its own RocksDB. Atomic per batch, not synced: the log has it all. Damage met while reading marks
/// the folder, so that the next opening falls back to a checkpoint. Thread-safe.
class rocksdb_state_store : public state_store {
public:
  rocksdb_state_store(std::unique_ptr<state_database> database, state_checkpoints generations, std::string code_version);

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

private:
  using visitor = std::function<outcome<bool>(std::string_view key, std::string_view value)>;

  outcome<std::optional<std::string>> get(state_family family, const std::string& key, const rocksdb::Snapshot* at = nullptr);
  outcome<void> walk(state_family family, const std::string& from, const visitor& visit, const rocksdb::Snapshot* at = nullptr);
  outcome<void> walk_blobs(const std::function<bool(const entity_blob&)>& visit, const rocksdb::Snapshot* at);
  outcome<applied_position> applied_at(const rocksdb::Snapshot* at);
  std::unexpected<failure> damaged(std::string_view what);
  std::unexpected<failure> failed(const rocksdb::Status& status, std::string_view doing);

  std::unique_ptr<state_database> database_;
  state_checkpoints generations_;
  std::string code_version_;
  std::mutex writing_;    ///< batches and the moment of a checkpoint
  bool broken_ = false;   ///< under writing_: a write failed, RocksDB has to resume
  std::mutex checkpointing_;
};

} // namespace reverie::events
