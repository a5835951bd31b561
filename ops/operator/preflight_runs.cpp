#include "ops/operator/preflight_runs.hpp"

#include "ops/operator/failure_view.hpp"

#include <algorithm>

namespace reverie::ops {

using gateway::document;
using gateway::result;
using std::chrono::steady_clock;

namespace {

document outlook(const projections::look_ahead_report& found) {
  auto poison = document::array();
  for (const auto& each : found.poison)
    poison.push_back({{"entity", events::to_string(each.entity)}, {"position", events::to_string(each.position)}, {"code", each.code}, {"message", each.message}});
  const auto& forecast = found.projections.front();
  return {{"records", found.records}, {"events", forecast.events}, {"rows_estimate", forecast.rows}, {"bytes_estimate", forecast.bytes},
          {"seconds_estimate", forecast.seconds}, {"poison_total", found.poison_total}, {"poison", std::move(poison)},
          {"indexes_bytes_estimate", forecast.index_bytes}, {"parked_in_sample", forecast.parked_in_sample},
          {"embeddings_missing", forecast.without_embedding}, {"embeddings_cached", forecast.embeddings_cached}};
}

} // namespace

void preflight_runs::stop() {
  std::vector<std::jthread> threads; // asked to stop, and waited for, when the lock is free again
  const std::scoped_lock lock(mutex_);
  stopping_ = true;
  for (auto& [name, each] : looks_) threads.push_back(std::move(each.thread));
}

result<document> preflight_runs::begin(const projections::fold& of) {
  const std::string name(of.name());
  std::jthread before; // has ended
  const std::scoped_lock lock(mutex_);
  if (stopping_) return std::unexpected(gateway::unavailable_error("The server is stopping."));
  for (const auto& [other, each] : looks_)
    if (each.running && other != name) return conflict("A pre-flight of " + other + " is under way.");
  auto& mine = looks_[name];
  if (mine.running) return shown(name, mine);
  before = std::move(mine.thread);
  mine = look{};
  mine.running = true;
  mine.began = steady_clock::now();
  mine.thread = std::jthread([this, &of, &mine](std::stop_token stop) { work(of, mine, std::move(stop)); });
  return shown(name, mine);
}

void preflight_runs::work(const projections::fold& of, look& mine, std::stop_token stop) {
  const projections::fold* which[] = {&of};
  const auto found = projections::look_ahead(source_, which, [&](const projections::bulk_progress& now) {
    const std::scoped_lock lock(mutex_);
    mine.done = now.records_done;
    mine.total = now.records_total;
  }, stop);
  const std::scoped_lock lock(mutex_);
  mine.running = false;
  mine.ended = steady_clock::now();
  mine.cancelled = !found && stop.stop_requested();
  if (found) mine.found = outlook(*found);
  else if (!mine.cancelled) mine.problem = found.error().message;
  ended_.notify_all();
}

document preflight_runs::view_of(const std::string& projection) const {
  const std::scoped_lock lock(mutex_);
  const auto found = looks_.find(projection);
  return found == looks_.end() ? document{{"projection", projection}, {"state", "never"}} : shown(projection, found->second);
}

result<document> preflight_runs::cancel(const std::string& projection) {
  const std::scoped_lock lock(mutex_);
  const auto found = looks_.find(projection);
  if (found == looks_.end() || !found->second.running) return conflict("No pre-flight of " + projection + " is under way.");
  found->second.thread.request_stop();
  return shown(projection, found->second);
}

bool preflight_runs::wait_until_idle(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, within, [this] { return std::ranges::none_of(looks_, [](const auto& each) { return each.second.running; }); });
}

document preflight_runs::shown(const std::string& projection, const look& one) {
  const auto* state = one.running ? "running" : one.cancelled ? "cancelled" : one.problem.empty() ? "done" : "failed";
  const auto since = [](steady_clock::time_point moment) { return std::chrono::duration<double>(steady_clock::now() - moment).count(); };
  const auto seconds = since(one.began);
  const auto rate = one.running && seconds > 0 ? static_cast<double>(one.done) / seconds : 0;
  const auto left = one.total > one.done ? static_cast<double>(one.total - one.done) : 0;
  return {{"projection", projection}, {"state", state}, {"done", one.done}, {"total", one.total}, {"rate_per_s", rate},
          {"seconds_left", rate > 0 ? document(left / rate) : document(nullptr)}, {"found", one.found}, {"age_s", one.running ? document(nullptr) : document(since(one.ended))},
          {"problem", one.problem.empty() ? document(nullptr) : document(one.problem)}};
}

} // namespace reverie::ops
