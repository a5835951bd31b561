#pragma once

#include "actors/runtime/node.hpp"
#include "events/rocksdb/rocksdb_log.hpp"
#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "events/vault/memory_key_ring.hpp"
#include "tests/support/record_samples.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <stdexcept>

namespace reverie::bench {

/// The inner half of a server: local state and actors in a folder, on the embedded log or a given one; without a model replies fail.
class actor_server {
public:
  actor_server(const std::filesystem::path& folder, std::shared_ptr<events::key_ring> keys, std::shared_ptr<actors::chat_model> model = {})
      : actor_server(events::rocksdb_log::open(folder / "log", {.partitions = 4}).value(), folder, std::move(keys), std::move(model)) {}
  actor_server(std::shared_ptr<events::event_log> log, const std::filesystem::path& folder, std::shared_ptr<events::key_ring> keys,
               std::shared_ptr<actors::chat_model> model = {})
      : log_(std::move(log)) {
    actors::runtime::node_options options;
    options.entity_memory_bytes = std::size_t{16} << 30;
    options.entity_idle = std::chrono::hours{1};
    std::shared_ptr<events::state_store_factory> states = events::rocksdb_state_factory::open_folder(folder / "state").value();
    actors::runtime::node_ports ports;
    ports.log = log_;
    ports.states = std::move(states);
    ports.keys = std::move(keys);
    ports.model = std::move(model);
    node_ = actors::runtime::start_node(options, std::move(ports));
    wait_until([](const auto& partition) { return partition.serving; });
  }
  ~actor_server() {
    node_->stop(std::chrono::seconds{30});
    node_.reset();
    log_->close();
  }
  actor_server(const actor_server&) = delete;
  actor_server& operator=(const actor_server&) = delete;

  actors::actor_node& node() { return *node_; }
  events::event_log& log() { return *log_; }

  /// A command of a person to their own user entity; `number` makes its id.
  static actors::command_envelope to_user(events::user_id user, std::uint64_t number, actors::user::command command) {
    return {{tests::numbered_uuid(number)}, {}, user, {{events::entity_kind::user, user.value}, user.value}, std::move(command), {}};
  }

  /// Submits `count` commands, at most `under_way` at once, and waits for all answers; one that is refused ends the program.
  void submit_all(std::size_t count, std::size_t under_way, const std::function<actors::command_envelope(std::size_t)>& make) {
    std::counting_semaphore<> free_places(static_cast<std::ptrdiff_t>(under_way));
    for (std::size_t i = 0; i < count; ++i) {
      free_places.acquire();
      node_->submit(make(i), [&](const actors::command_outcome& answer) {
        if (!answer) refused(answer.error().message);
        free_places.release();
      });
    }
    for (std::size_t i = 0; i < under_way; ++i) free_places.acquire();
  }

  /// Waits until nothing is under way and no effect is left to be done.
  void wait_idle() {
    wait_until([](const auto& partition) { return partition.pending_effects == 0 && partition.commands_in_flight == 0; });
  }

private:
  static void refused(const std::string& why) {
    std::fprintf(stderr, "refused: %s\n", why.c_str());
    std::abort();
  }
  /// Nobody is told when the last partition is so far: their states are asked for until then.
  void wait_until(const std::function<bool(const actors::partition_status&)>& reached) {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    while (!never.wait_for(lock, std::chrono::milliseconds{5}, [&] {
      const auto partitions = node_->status();
      return !partitions.empty() && std::ranges::all_of(partitions, reached);
    })) {}
  }

  std::shared_ptr<events::event_log> log_;
  std::shared_ptr<actors::runtime::node> node_;
};

inline events::user_id numbered_person(std::size_t number) { return {tests::numbered_uuid(0x10'0000'0000 + number)}; }

} // namespace reverie::bench
