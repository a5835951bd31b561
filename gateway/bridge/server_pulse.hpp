#pragma once

#include "gateway/bridge/latency_window.hpp"
#include "gateway/bridge/operator_limits.hpp"
#include "gateway/bridge/ports.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

namespace reverie::gateway {

/// The server at one moment.
struct pulse_sample {
  events::timestamp at{};
  double commands_per_s = 0, records_per_s = 0, requests_per_s = 0, frames_per_s = 0;
  double command_p50_ms = 0, command_p99_ms = 0, request_p50_ms = 0, request_p99_ms = 0;
  std::int64_t connections = 0, websockets = 0;
  std::uint64_t resident_bytes = 0, records = 0, lag_records = 0, effects = 0;
  double lag_seconds = 0, oldest_effect_s = 0;
};

/// How a projection moves in a partition.
struct projection_pace {
  double rate_per_s = 0;
  std::string trend = "steady"; ///< catching_up, steady, falling_behind
  bool stalled = false;         ///< behind, and no progress for limits' stalled_after
};
struct projection_moment {
  events::timestamp at{};
  std::uint64_t lag_records = 0;
  double rate_per_s = 0;
};

/// Takes the server's pulse every two seconds on a thread of its own: a bounded ring of samples, and the pace of each projection.
/// Latencies and rates are those of the last ten seconds. Thread-safe.
class server_pulse {
public:
  server_pulse(gateway_ports& ports, std::function<gateway_totals()> counters);
  ~server_pulse();

  void start();
  void stop();
  /// One beat; the thread does nothing else. For tests with a clock of their own.
  void beat(std::chrono::steady_clock::time_point now);

  pulse_sample last() const;
  std::vector<pulse_sample> history() const;
  projection_pace pace_of(const std::string& projection, std::uint32_t version, events::partition_number partition) const;
  std::vector<projection_moment> history_of(const std::string& projection) const; ///< of the serving version
  std::chrono::seconds uptime() const;

private:
  using steady = std::chrono::steady_clock::time_point;
  using place = std::tuple<std::string, std::uint32_t, std::uint32_t>;
  struct reading {
    steady at{};
    gateway_totals counted;
    std::uint64_t records = 0;
  };
  struct track {
    std::deque<std::tuple<steady, std::uint64_t, std::uint64_t>> seen; ///< time, next, lag
    steady moved{};
    bool present = false;
    projection_pace pace;
  };
  void ask_for_effects();
  void follow(const std::vector<projections::projection_status>& now, steady at, events::timestamp wall);

  gateway_ports& ports_;
  std::function<gateway_totals()> counters_;
  const steady born_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::deque<reading> readings_;
  std::deque<pulse_sample> samples_;
  std::map<place, track> tracks_;
  std::map<std::string, std::deque<projection_moment>> moments_;
  /// Since when the oldest effect of a partition waits; shared with answers that may come after this is gone.
  struct waiting_effects {
    std::mutex mutex;
    std::map<events::partition_number, events::timestamp> oldest;
  };
  std::shared_ptr<waiting_effects> effects_ = std::make_shared<waiting_effects>();
  std::condition_variable_any wake_;
  std::jthread thread_;
};

/// Bytes this process holds in memory; 0 where that can't be told.
std::uint64_t resident_bytes();

} // namespace reverie::gateway
