#include "gateway/bridge/server_pulse.hpp"

#include <algorithm>
#include <fstream>

#include <unistd.h>

namespace reverie::gateway {

namespace {

constexpr std::size_t window_readings = 6; // five intervals: ten seconds
constexpr double trend_share = 0.05;       // of the lag, that a trend must change

double per_second(std::uint64_t before, std::uint64_t after, double seconds) {
  return seconds > 0 && after > before ? static_cast<double>(after - before) / seconds : 0;
}

double seconds_between(std::chrono::steady_clock::time_point before, std::chrono::steady_clock::time_point after) {
  return std::chrono::duration<double>(after - before).count();
}

} // namespace

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

server_pulse::server_pulse(gateway_ports& ports, std::function<gateway_totals()> counters) : ports_(ports), counters_(std::move(counters)) {}

server_pulse::~server_pulse() { stop(); }

void server_pulse::start() {
  beat(std::chrono::steady_clock::now());
  thread_ = std::jthread([this](std::stop_token stop) {
    std::mutex alone;
    std::unique_lock lock(alone);
    while (!stop.stop_requested()) {
      wake_.wait_for(lock, stop, operator_limits::sample_every, [] { return false; });
      if (!stop.stop_requested()) beat(std::chrono::steady_clock::now());
    }
  });
}

void server_pulse::stop() { thread_ = {}; }

void server_pulse::beat(std::chrono::steady_clock::time_point now) {
  reading read{now, counters_(), 0};
  pulse_sample sample{.at = ports_.now()};
  for (const auto& partition : ports_.node.status()) {
    read.records += partition.log_end.value;
    sample.effects += partition.pending_effects;
  }
  ask_for_effects();
  {
    const std::scoped_lock lock(effects_->mutex);
    for (const auto& [partition, since] : effects_->oldest)
      sample.oldest_effect_s = std::max(sample.oldest_effect_s, std::chrono::duration<double>(sample.at - since).count());
  }
  const auto projections = ports_.progress.status();
  for (const auto& each : projections) {
    if (!each.serving) continue;
    sample.lag_records = std::max(sample.lag_records, each.lag_records);
    sample.lag_seconds = std::max(sample.lag_seconds, each.lag_seconds);
  }
  sample.connections = read.counted.connections;
  sample.websockets = read.counted.websockets;
  sample.records = read.records;
  sample.resident_bytes = resident_bytes();
  const std::scoped_lock lock(mutex_);
  readings_.push_back(std::move(read));
  if (readings_.size() > window_readings) readings_.pop_front();
  const auto& first = readings_.front();
  const auto& last = readings_.back();
  const auto seconds = seconds_between(first.at, last.at);
  sample.commands_per_s = per_second(first.counted.commands, last.counted.commands, seconds);
  sample.requests_per_s = per_second(first.counted.requests, last.counted.requests, seconds);
  sample.frames_per_s = per_second(first.counted.frames, last.counted.frames, seconds);
  sample.records_per_s = per_second(first.records, last.records, seconds);
  sample.command_p50_ms = percentile_between(first.counted.command_ms, last.counted.command_ms, 0.5);
  sample.command_p99_ms = percentile_between(first.counted.command_ms, last.counted.command_ms, 0.99);
  sample.request_p50_ms = percentile_between(first.counted.request_ms, last.counted.request_ms, 0.5);
  sample.request_p99_ms = percentile_between(first.counted.request_ms, last.counted.request_ms, 0.99);
  if (ports_.operators.on_beat && readings_.size() > 1) {
    const auto& before = readings_[readings_.size() - 2];
    ports_.operators.on_beat(percentile_between(before.counted.command_ms, last.counted.command_ms, 0.99), last.counted.commands - before.counted.commands);
  }
  follow(projections, now, sample.at);
  samples_.push_back(sample);
  if (samples_.size() > operator_limits::history_samples) samples_.pop_front();
}

/// The answers are there at the next beat.
void server_pulse::ask_for_effects() {
  for (const auto& partition : ports_.node.status()) {
    const auto number = partition.partition;
    ports_.node.effects(number, 1, [kept = effects_, number](events::outcome<std::vector<actors::effect_status>> found) {
      const std::scoped_lock lock(kept->mutex);
      if (found && !found->empty() && !found->front().failed) kept->oldest[number] = found->front().since;
      else kept->oldest.erase(number);
    });
  }
}

/// With the lock held.
void server_pulse::follow(const std::vector<projections::projection_status>& now, steady at, events::timestamp wall) {
  for (auto& [key, one] : tracks_) one.present = false;
  std::map<std::string, projection_moment> sums;
  for (const auto& each : now) {
    if (each.projection.empty()) continue;
    auto& one = tracks_[{each.projection, each.version, each.partition.value}];
    one.present = true;
    if (one.seen.empty() || std::get<1>(one.seen.back()) != each.next.value || each.lag_records == 0) one.moved = at;
    one.seen.emplace_back(at, each.next.value, each.lag_records);
    if (one.seen.size() > window_readings) one.seen.pop_front();
    const auto& [from, next_then, lag_then] = one.seen.front();
    one.pace.rate_per_s = per_second(next_then, each.next.value, seconds_between(from, at));
    one.pace.stalled = each.lag_records > 0 && at - one.moved >= operator_limits::stalled_after;
    const auto change = static_cast<double>(each.lag_records) - static_cast<double>(lag_then);
    const auto enough = std::max(1.0, trend_share * static_cast<double>(std::max(each.lag_records, lag_then)));
    one.pace.trend = change >= enough && each.lag_records > 0 ? "falling_behind" : change <= -enough ? "catching_up" : "steady";
    if (!each.serving) continue;
    auto& sum = sums[each.projection];
    sum.lag_records += each.lag_records;
    sum.rate_per_s += one.pace.rate_per_s;
  }
  std::erase_if(tracks_, [](const auto& each) { return !each.second.present; });
  for (auto& [projection, sum] : sums) {
    sum.at = wall;
    auto& kept = moments_[projection];
    kept.push_back(sum);
    if (kept.size() > operator_limits::history_samples) kept.pop_front();
  }
}

pulse_sample server_pulse::last() const {
  const std::scoped_lock lock(mutex_);
  return samples_.empty() ? pulse_sample{} : samples_.back();
}

std::vector<pulse_sample> server_pulse::history() const {
  const std::scoped_lock lock(mutex_);
  return {samples_.begin(), samples_.end()};
}

projection_pace server_pulse::pace_of(const std::string& projection, std::uint32_t version, events::partition_number partition) const {
  const std::scoped_lock lock(mutex_);
  const auto found = tracks_.find({projection, version, partition.value});
  return found == tracks_.end() ? projection_pace{} : found->second.pace;
}

std::vector<projection_moment> server_pulse::history_of(const std::string& projection) const {
  const std::scoped_lock lock(mutex_);
  const auto found = moments_.find(projection);
  if (found == moments_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::chrono::seconds server_pulse::uptime() const {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - born_);
}

} // namespace reverie::gateway
