#pragma once

#include "events/replay/log_replay.hpp"
#include "events/vault/key_ring.hpp"
#include "gateway/bridge/operator_ports.hpp"
#include "ops/operator/partition_verification.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace reverie::ops {

/// Reads the log in the background, all partitions in turn, at a bounded rate, from where it stood and then with its end: checks hashes, links
/// and sequences, folds every entity and holds it against what this server stored, and keeps who owned what. A run over everything, with every event folded, can be begun beside it; one at a time. Thread-safe.
class log_watch : public gateway::verification_port {
public:
  struct options {
    std::uint64_t records_per_second = 20'000;
    std::size_t full_threads = 1;
    std::function<events::timestamp()> now;
    std::shared_ptr<events::state_store_factory> own = {}; ///< where it keeps how far it came; null: it begins anew at each start
    /// What this server stored of a partition; null where it is not this server's.
    std::function<std::shared_ptr<events::state_store>(events::partition_number)> stored = {};
  };
  log_watch(events::event_log& log, events::key_ring& keys, options how);
  ~log_watch() override;

  void start();
  void stop();

  gateway::result<gateway::document> status() override;
  gateway::verification_alarm alarm() override;
  gateway::result<gateway::document> run(const std::string& scope) override;

  std::optional<events::record_verdict> verdict_of(events::log_position at) const;
  std::vector<events::partition_owner> owners_of(events::partition_number partition) const;

private:
  struct finding {
    verification_finding what;
    events::timestamp at{};
  };
  struct full_run {
    std::string state = "running"; ///< running, done, failed
    events::timestamp started_at{};
    std::optional<events::timestamp> ended_at;
    std::uint64_t records = 0, total = 0, entities = 0, differences = 0, events = 0;
    std::string problem;
  };
  void follow(std::stop_token stop);
  std::size_t step(events::partition_number partition, std::size_t records_max);
  void note(verification_finding what);
  void verify_all(std::stop_token stop);
  gateway::document background_view();
  gateway::document full_view() const;

  events::event_log& log_;
  events::key_ring& keys_;
  options how_;
  std::vector<std::unique_ptr<partition_verification>> watches_;
  mutable std::mutex mutex_;
  std::vector<std::string> problems_; ///< by partition: why it can't be read now
  std::vector<std::optional<events::timestamp>> looked_at_;
  std::deque<finding> findings_;
  std::optional<full_run> full_;
  events::timestamp started_at_{};
  double rate_ = 0;
  std::condition_variable_any wake_;
  std::jthread follower_, runner_;
};

} // namespace reverie::ops
