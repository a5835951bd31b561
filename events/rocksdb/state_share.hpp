#pragma once

#include "events/log/state_generations.hpp"
#include "events/rocksdb/checkpoint_files.hpp"

#include <filesystem>

namespace reverie::events {

/// Generations of partitions in a folder that all nodes of a log reach (`<folder>/<partition>/<epoch>-<position>/`): the files of a
/// checkpoint and a `manifest.json` with a checksum of each. One appears whole, by a rename, or not at all; the newest by (epoch, position)
/// are kept. Any number of processes may read, add and prune at the same time. Thread-safe.
class state_share {
public:
  explicit state_share(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Of a partition, oldest first; those whose manifest can't be read, or that another layout of states wrote, are left out.
  outcome<std::vector<kept_generation>> all(partition_number partition) const;
  /// Copies a checkpoint's files in, checking them; false when what is shared is as new.
  outcome<bool> add(partition_number partition, const checkpoint_manifest& manifest, const chain_hash& last_hash,
                    const std::filesystem::path& from, const std::vector<checkpoint_file>& files) const;
  /// Copies one out into a new folder, checking every file. `corrupted` or `not_found`: nothing to be trusted is there.
  outcome<void> copy_out(partition_number partition, const kept_generation& generation, const std::filesystem::path& to) const;
  /// `corrupted` when a file is not what the manifest says; `not_found` when it is gone.
  outcome<void> check(partition_number partition, const kept_generation& generation) const;
  void drop(partition_number partition, const kept_generation& generation) const;

private:
  std::filesystem::path of(partition_number partition) const { return folder_ / std::to_string(partition.value); }
  void prune(partition_number partition) const;

  std::filesystem::path folder_;
};

} // namespace reverie::events
