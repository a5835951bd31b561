#pragma once

#include "actors/runtime/actor_interfaces.hpp"
#include "actors/runtime/ports.hpp"
#include "actors/runtime/update_hub.hpp"
#include "events/log/slice_map.hpp"
#include "events/model/limits.hpp"

#include <atomic>
#include <mutex>
#include <string_view>

namespace reverie::actors::runtime {

/// What an actor system may use and how it is tuned. Limits of the outside stand in events/model/limits.hpp.
struct node_options {
  std::string node_name = "localhost";       ///< host:port, stands in owner announcements
  bool detached = true;                      ///< false: everything runs step by step under a test's control
  std::size_t scheduler_threads = 2;
  std::size_t worker_threads = 4;            ///< for what blocks: vault, recall, history, checkpoints
  std::size_t generations_max = events::limits::replies_in_progress;
  std::vector<events::partition_number> owned; ///< partitions to take at the start; empty: all
  std::chrono::milliseconds tick{200};
  std::chrono::milliseconds tail_wait{250};
  std::chrono::milliseconds checkpoint_every{60'000};
  std::uint64_t checkpoint_records = 50'000;
  std::size_t entity_memory_bytes = events::limits::entity_memory_budget_bytes; ///< of the whole node
  std::chrono::milliseconds entity_idle = events::limits::entity_idle_ms;
  std::size_t commands_in_flight = events::limits::commands_in_flight_per_partition;
  int announce_attempts = 5;                 ///< races lost before stepping back
  std::function<void()> drive;               ///< with detached off: lets everything run until nothing is left to do
};

/// What all actors of a node share: ports, routing, workers, listeners. Set up before the first message; then thread-safe.
class node_services {
public:
  node_services(node_options given, node_ports given_ports);

  const node_options options;
  const node_ports ports;
  const std::shared_ptr<update_hub> hub;

  /// Gives a command to the partition of its target; `done` is called once.
  void submit(command_envelope envelope, answer_callback done);
  /// Looks at an entity on its own thread.
  void visit(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit);
  /// Reads single events of an entity again; `done` is called on a worker.
  void read_events(const events::entity_address& entity, std::vector<events::sequence_number> sequences,
                   std::function<void(events::outcome<std::vector<events::recorded_event>>)> done);
  /// Runs what blocks on a worker.
  void work(std::function<void()> blocking);
  void log(severity how, std::string_view line) const {
    if (ports.log_line) ports.log_line(how, line);
  }

  /// The partition of a slice; nothing while the slice map was not read from the log.
  std::optional<events::partition_number> partition_of(const events::uuid& slice_key) const;
  void learn(const events::slice_map& map);
  bool knows_slices() const { return slices_.load() != nullptr; }

  void show(const partition_status& status);
  std::vector<partition_status> shown() const;
  /// 16 fresh random bytes.
  std::array<std::uint8_t, 16> random_bytes() const;

  /// Handles, set once before anything runs and dropped after everything ended.
  void connect(std::vector<partition_handle> partitions, std::vector<worker_handle> workers, generation_handle generation);
  void disconnect();
  const generation_handle& generation() const { return generation_; }
  const std::vector<partition_handle>& partitions() const { return partitions_; }
  const std::vector<worker_handle>& workers() const { return workers_; }

private:
  std::vector<partition_handle> partitions_;
  std::vector<worker_handle> workers_;
  generation_handle generation_;
  std::atomic<std::size_t> next_worker_{0};
  std::atomic<const events::slice_map*> slices_{nullptr};
  mutable std::mutex guard_;
  std::vector<std::unique_ptr<const events::slice_map>> maps_;
  std::vector<partition_status> status_;
};

} // namespace reverie::actors::runtime
