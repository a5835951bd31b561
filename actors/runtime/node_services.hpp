#pragma once

#include "actors/runtime/actor_interfaces.hpp"
#include "actors/runtime/ports.hpp"
#include "actors/runtime/sure_answer.hpp"
#include "actors/runtime/text_cache.hpp"
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
  bool own_nothing = false;                  ///< at the start: a group will assign partitions
  std::size_t scheduler_threads = 2;
  std::size_t worker_threads = 4;            ///< for what blocks: vault, recall, history
  std::size_t recovery_threads = 4;          ///< partitions that catch up with the log at the same time
  std::size_t generations_max = events::limits::replies_in_progress;
  std::vector<events::partition_number> owned; ///< partitions to take at the start; empty: all
  std::chrono::milliseconds tick{200};
  std::chrono::milliseconds tail_wait{250};
  std::chrono::milliseconds checkpoint_every{60'000};
  std::uint64_t checkpoint_records = 50'000;
  std::chrono::milliseconds share_every{60'000}; ///< between two generations of a partition that are given to other nodes
  std::chrono::milliseconds check_generations_every{600'000}; ///< of a partition: one is read again
  std::size_t entity_memory_bytes = events::limits::entity_memory_budget_bytes; ///< of the whole node
  std::chrono::milliseconds entity_idle = events::limits::entity_idle_ms;
  std::size_t commands_in_flight = events::limits::commands_in_flight_per_partition;
  int announce_attempts = 5;                 ///< races lost before stepping back
  std::uint32_t renewals_max = 5;            ///< fresh epochs in a row that came to nothing before the partition is caught up anew
  std::size_t state_write_records = 64;      ///< read back, in one write to local state; fewer wait for a tick
  std::size_t unwritten_records_max = 32'768; ///< read back while local state can't be written; over it nothing is admitted
  std::size_t tips_in_memory = 262'144;      ///< of entities of one partition; over it they are read from local state again
  std::size_t text_cache_bytes = 32 * 1024 * 1024; ///< texts of older turns, opened; see text_cache
  std::size_t replies_waiting = 4'096;       ///< for their turn to be made; over it a reply fails at once, to be asked for again
  std::size_t extractions_max = 16;          ///< turns a model is looking at for facts at the same time
  std::size_t extractions_waiting = 4'096;   ///< turns that wait for it; over it the rules look at once
  std::chrono::milliseconds extraction_deadline{30'000}; ///< of one try; then the rules look
  std::function<void()> drive;               ///< with detached off: lets everything run until nothing is left to do
};

/// The roles of a node, by what they are for. `recoverers` and `background` are workers for what takes long, so that loads do not wait behind it.
struct node_handles {
  std::vector<partition_handle> partitions;
  std::vector<worker_handle> workers;
  std::vector<worker_handle> recoverers;
  worker_handle background;
  generation_handle generation;
  extraction_handle extraction;
};

/// What all actors of a node share: ports, routing, workers, listeners. Thread-safe.
class node_services {
public:
  node_services(node_options given, node_ports given_ports);

  const node_options options;
  const node_ports ports;
  const std::shared_ptr<update_hub> hub;

  /// Gives a command to the partition of its target; `done` is called once.
  void submit(command_envelope envelope, answer_callback done);
  /// Looks at an entity on its own thread; at one of another node's through `visit_elsewhere`.
  void visit(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit);
  /// Texts that single events of a session hold: from memory, or read again from the log. `done` may be called before this returns.
  void read_texts(const events::entity_address& entity, std::vector<events::sequence_number> sequences,
                  std::function<void(events::outcome<std::vector<said_text>>)> done);
  /// Durable updates of an entity, as actor_node::read_history.
  void read_history(const events::entity_address& entity, std::optional<events::entity_position> after, std::size_t updates_max,
                    std::function<void(events::outcome<std::vector<shared_update>>)> done);
  /// Runs what blocks on a worker; `otherwise` is called when it throws or is not run any more, and must not throw.
  void work(std::function<void()> blocking, blocking_task::told_failure otherwise);
  /// The same for what may take long: catching up, checkpoints.
  void work_long(std::function<void()> blocking, blocking_task::told_failure otherwise);
  /// … for catching up with the log: people of other partitions do not wait for it.
  void work_recovery(std::function<void()> blocking, blocking_task::told_failure otherwise);
  void log(severity how, std::string_view line) const {
    if (ports.log_line) ports.log_line(how, line);
  }

  /// The partition of a slice; nothing while the slice map was not read from the log.
  std::optional<events::partition_number> partition_of(const events::uuid& slice_key) const;
  void learn(const events::slice_map& map);
  bool knows_slices() const { return slices_.load() != nullptr; }

  /// How entities of partitions that are not served here are looked at; none: they can't be. Set before the first command.
  using visitor = std::function<void(const events::entity_address&, std::function<void(events::outcome<const entity_core*>)>)>;
  void visit_elsewhere(visitor visit) { elsewhere_.store(std::make_shared<const visitor>(std::move(visit))); }
  /// The same, on this node alone.
  void visit_here(const events::entity_address& target, std::function<void(events::outcome<const entity_core*>)> visit);

  /// The partition's actor lives: counted with each of its ticks.
  void note_beat(events::partition_number partition) { ++beats_[partition.value]; }
  std::uint64_t beats(events::partition_number partition) const { return beats_[partition.value]; }
  bool serves(events::partition_number partition) const;

  void show(const partition_status& status);
  /// An actor of the node is gone for good, unasked: no partition is `serving` any more without it. Of one partition, or of all.
  void show_failed(std::optional<events::partition_number> partition, const std::string& why);
  std::vector<partition_status> shown() const;
  /// 16 fresh random bytes.
  std::array<std::uint8_t, 16> random_bytes() const;

  /// Handles, set before the first message and dropped at the end, while workers may still run: then what is told is dropped.
  void connect(node_handles handles) { handles_.store(std::make_shared<const node_handles>(std::move(handles))); }
  void disconnect() { handles_.store(nullptr); }
  /// Null once the node has ended.
  std::shared_ptr<const node_handles> handles() const { return handles_.load(); }
  template <class Message>
  void tell(events::partition_number partition, Message message) const {
    if (auto all = handles()) caf::anon_send(all->partitions[partition.value], std::move(message));
  }
  template <class Message>
  void tell_generation(Message message) const {
    if (auto all = handles()) caf::anon_send(all->generation, std::move(message));
  }

  template <class Message>
  void tell_extraction(Message message) const {
    if (auto all = handles()) caf::anon_send(all->extraction, std::move(message));
  }

  /// What became of turns, counted by those who see it.
  struct {
    std::atomic<std::uint64_t> by_model{0}, by_rules_instead{0}, facts_left_out{0};
  } extracted;

private:
  static void run_on(const worker_handle& worker, std::shared_ptr<blocking_task> task);

  std::atomic<std::shared_ptr<const node_handles>> handles_;
  std::atomic<std::size_t> next_worker_{0}, next_recoverer_{0};
  std::atomic<const events::slice_map*> slices_{nullptr};
  std::atomic<std::shared_ptr<const visitor>> elsewhere_;
  std::vector<std::atomic<std::uint64_t>> beats_; ///< by partition
  mutable std::mutex guard_;
  std::vector<std::unique_ptr<const events::slice_map>> maps_;
  std::vector<partition_status> status_;
  text_cache texts_;
  std::vector<std::string> failed_; ///< by partition: why its actor is gone; empty while it lives
};

} // namespace reverie::actors::runtime
