#pragma once

#include "actors/runtime/ports.hpp"
#include "events/log/epoch_rule.hpp"
#include "events/log/slice_map.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace reverie::actors::runtime {

/// Who owns a partition, as the log says.
struct partition_owner {
  events::epoch_number epoch{};
  events::writer_id writer{};
  std::string node; ///< its address; empty while its announcement was not found yet
  friend bool operator==(const partition_owner&, const partition_owner&) = default;
};

/// Reads all partitions of the log on one thread: finds owners and the slice map for the way of commands, and passes on what counts, so
/// that this node's listeners hear of everything whoever owns it. It begins near the end: which pair counts there is seen from the records
/// before it, and the owner's announcement is looked for backwards. What it says is for finding the way; what counts, owners and
/// projections judge from a stored place.
class log_follower {
public:
  struct listener {
    std::function<void(events::partition_number)> owner_changed;
    std::function<void(const events::slice_map&)> slices;
    /// A record that counts. False: not now (a key that can't be had); it is given again, and its partition waits for it.
    std::function<bool(const events::stored_record&)> counted;
  };
  struct options {
    std::uint64_t window = 2'000;               ///< records before the end that are looked at first
    std::chrono::milliseconds pause{5};         ///< between two looks at partitions that had nothing new
  };

  log_follower(std::shared_ptr<events::event_log> log, listener told, line_logger say, options how);
  ~log_follower();

  void start();
  void stop();
  /// One look at every partition: for tests without a thread. Answers whether there was anything new.
  bool look();

  std::optional<partition_owner> owner_of(events::partition_number partition) const;
  /// First offset it has not passed.
  events::log_offset next_of(events::partition_number partition) const;
  /// Whether it has come to where the log ended when it began, everywhere.
  bool caught_up() const;

private:
  struct place {
    events::partition_number partition{};
    std::unique_ptr<events::log_reader> reader;
    events::log_offset live_from{}; ///< records before it only tell which pair counts
    std::deque<events::stored_record> waiting;
    events::log_offset searched{};  ///< the announcement is not at or after this place
    std::uint64_t step = 0;         ///< of the search
    bool began = false;
    std::string trouble;
  };
  struct shown_place {
    partition_owner owner;
    events::log_offset next{};
    bool caught_up = false;
  };

  events::outcome<bool> begin(place& at);
  events::outcome<void> find_slices();
  events::outcome<bool> step(place& at);
  events::outcome<bool> search(place& at);
  void show(const place& at, events::log_offset next);
  void learn_before(place& at, const events::stored_record& record);
  bool take(place& at, const events::stored_record& record);
  void take_control(const events::stored_record& record);
  void set_owner(events::partition_number partition, partition_owner owner);
  void run(std::stop_token stop);

  std::shared_ptr<events::event_log> log_;
  listener told_;
  line_logger say_;
  const options options_;
  bool slices_known_ = false;
  std::vector<place> places_;
  mutable std::mutex mutex_;
  std::vector<shown_place> shown_;
  std::jthread thread_;
};

} // namespace reverie::actors::runtime
