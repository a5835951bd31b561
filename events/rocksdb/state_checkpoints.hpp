#pragma once

#include "events/log/state_store.hpp"
#include "events/rocksdb/checkpoint_files.hpp"

#include <filesystem>

namespace rocksdb {
class DB;
}

namespace reverie::events {

/// The kept generations of one partition's local state, and what opening falls back to. Below the partition's folder:
/// `current/` is the open one, `checkpoints/<generation>/` holds hard links and a `manifest.json` with a checksum of each file, and a
/// file `suspect` says that damage was met. One caller at a time.
class state_checkpoints {
public:
  explicit state_checkpoints(std::filesystem::path partition_folder) : folder_(std::move(partition_folder)) {}

  std::filesystem::path current() const { return folder_ / "current"; }

  /// Links the open database as the next generation; it counts once `finish` wrote its manifest. Quick: what is only in memory tables is
  /// not flushed but taken with the write-ahead log, so flush before, to keep that small.
  outcome<std::uint64_t> link(rocksdb::DB& database);
  /// Writes the manifest of a linked generation (checksums files; those shared with the generation before are taken from there), and
  /// lets go of generations over the limit.
  outcome<checkpoint_manifest> finish(checkpoint_manifest manifest);
  /// Those with a readable manifest, oldest first.
  outcome<std::vector<checkpoint_manifest>> all() const;

  /// Puts the newest generation whose files all match in place of `current`, or nothing at all; answers which. Bad ones
  /// are dropped.
  outcome<std::optional<std::uint64_t>> restore_newest_good();

  /// Puts one in place of `current`, when its files all match; `corrupted` or `not_found` else.
  outcome<void> restore(std::uint64_t generation);
  /// Puts a folder of database files, which lies on the same disk, in place of `current`.
  outcome<void> put_in_place(const std::filesystem::path& database);
  /// Where database files are gathered before they are put in place; empty at first.
  std::filesystem::path gathering() const;
  /// Where a generation's files lie, and what its manifest says of them.
  outcome<std::pair<std::filesystem::path, std::vector<checkpoint_file>>> files_of(std::uint64_t generation) const;

  /// Forgets a generation that turned out bad.
  void drop(std::uint64_t generation) const;

  void mark_suspect() const;
  bool is_suspect() const;

private:
  std::filesystem::path of(std::uint64_t generation) const;
  std::vector<std::uint64_t> generations() const;
  void prune() const;

  std::filesystem::path folder_;
};

} // namespace reverie::events
