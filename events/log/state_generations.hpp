#pragma once

#include "events/log/state_store.hpp"

namespace reverie::events {

/// A kept generation of a partition's state: this node's own, or one that a node shares.
struct kept_generation {
  enum class place : std::uint8_t { local, shared };
  place where = place::local;
  std::string name; ///< tells it from the others of its place
  checkpoint_manifest manifest{};
  std::optional<chain_hash> last_hash{}; ///< of the log's record just before `manifest.applied.next`; none: this node's own
};

/// What a look at one generation showed.
struct generation_check {
  std::optional<kept_generation> looked_at; ///< none: there is none
  std::optional<failure> damage;            ///< why it was dropped; none: it is what its manifest says
};

/// The kept generations of partitions, apart from the open state. Shared ones lie where every node reaches them, `checkpoint_generations`
/// for a partition, whoever shared them; ordered by epoch and position, so that what a node shares that lost its partition never takes the
/// place of newer ones. They hold the bytes of local states: what is a person's is sealed. Implementations: memory and rocksdb.
/// Thread-safe; calls block on disk.
class state_generations {
public:
  virtual ~state_generations() = default;

  /// What could be put in place of the partition's state, the furthest first. What this build can't read is left out.
  virtual outcome<std::vector<kept_generation>> kept(partition_number partition) = 0;

  /// Checks the hash of its whole content and puts it in place of the partition's state. `locked` while somebody has that state open;
  /// `corrupted` when it is not what its manifest says, `not_found` when it is gone: the state in place is as it was then.
  virtual outcome<void> take(partition_number partition, const kept_generation& generation) = 0;

  /// Puts an empty state in place. `locked` as above.
  virtual outcome<void> begin_anew(partition_number partition) = 0;

  /// Gives this node's own generation to the others; the oldest over the limit go. False when it isn't newer than what is shared, or when
  /// this node shares nothing. What does not match its manifest is not given: `corrupted`.
  virtual outcome<bool> share(partition_number partition, const checkpoint_manifest& own, const chain_hash& last_hash) = 0;

  /// Reads one generation, another one each time, and drops it when it is damaged.
  virtual outcome<generation_check> check_next(partition_number partition) = 0;
};

} // namespace reverie::events
