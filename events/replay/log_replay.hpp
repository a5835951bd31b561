#pragma once

#include "events/codec/event_codec.hpp"
#include "events/log/event_log.hpp"
#include "events/replay/chain_checker.hpp"

#include <functional>
#include <stop_token>

namespace reverie::events {

/// Gets what a replay reads. Called on the replaying thread, in the partition's order.
class replay_visitor {
public:
  virtual ~replay_visitor() = default;

  /// Each event of each record that counts. `redacted`: a personal field stayed closed, its key is destroyed.
  virtual void on_event(recorded_event& each, bool redacted) = 0;
  /// The record's events were all given.
  virtual void on_record(const stored_record&) {}
  virtual void on_difference(const log_difference&) {}
  /// Every record, with what it is worth, before its events are given: also one that can't be read.
  virtual void on_verdict(const stored_record&, record_verdict) {}
  /// Everything before `next` was given. What fails here ends the replay.
  virtual outcome<void> on_batch(log_offset next) {
    (void)next;
    return {};
  }
};

/// How far a replay is.
struct replay_progress {
  partition_number partition{};
  std::uint64_t records = 0; ///< read so far in this partition
  std::uint64_t of = 0;      ///< in all
};

struct replay_options {
  log_offset from{};                           ///< where to start …
  epoch_rule rule{};                           ///< … and the rule's state there
  chain_checker::links links{};                ///< … and the last links of entities
  std::optional<log_offset> until;             ///< stop before it; else at the end the log has when the replay starts
  bool check_hashes = true;
  bool decode = true;                          ///< false: only rule and chains, no event is given
  std::function<field_opener()> make_opener{}; ///< one per thread; none: every personal field stays closed
  std::function<void(const replay_progress&)> on_progress{}; ///< after each batch; with several threads from any of them
  std::stop_token stop{};
};

/// What a replay found.
struct replay_report {
  std::uint64_t records = 0; ///< that count
  std::uint64_t events = 0;
  std::uint64_t entities = 0;
  std::uint64_t fenced = 0;
  std::uint64_t repeated = 0;
  std::uint64_t gaps = 0;
  std::uint64_t redacted = 0; ///< records with a field whose key is destroyed
  std::uint64_t differences = 0;
  std::optional<log_difference> first_difference; ///< the first of the lowest partition

  void add(const replay_report& other);
};

/// Reads one partition through the epoch rule, checks chains and sequences, decodes, and gives each event that counts to `visitor`
/// (which may be null). A record that is damaged is a difference, and reading goes on behind it. Fails when the log can't be read,
/// with `cancelled` when told to stop, and with `key_unavailable` when a key is needed and the vault is away.
outcome<replay_report> replay_partition(event_log& log, partition_number partition, const replay_options& options,
                                        replay_visitor* visitor);

/// Replays all partitions from the start on so many threads; `visitor_of` is asked once per partition, before anything runs, and may
/// give null.
outcome<replay_report> replay_log(event_log& log, const replay_options& options, std::size_t threads,
                                  const std::function<replay_visitor*(partition_number)>& visitor_of);

/// The same, each partition with options of its own: each from where it stood, say.
outcome<replay_report> replay_log(event_log& log, const std::function<replay_options(partition_number)>& options_of, std::size_t threads,
                                  const std::function<replay_visitor*(partition_number)>& visitor_of);

} // namespace reverie::events
