#include "ops/operator/log_watch.hpp"

#include "actors/runtime/state_verifier.hpp"
#include "events/vault/field_sealing.hpp"
#include "gateway/bridge/operator_limits.hpp"
#include "ops/operator/state_diff.hpp"

#include <algorithm>

namespace reverie::ops {

using gateway::document;
using gateway::result;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds turn{100};
constexpr std::size_t smallest_step = 64;
constexpr std::size_t kept_in_mind = 400'000, smallest_share = 2'000; // entities, and records that do not count, of all partitions

/// What was found holds texts of people, and this page has no privacy mode: values are masked.
document finding_view(const verification_finding& what, events::timestamp at) {
  const auto& difference = what.difference;
  return {{"entity", events::to_string(difference.entity)}, {"sequence", difference.sequence.value}, {"position", events::to_string(difference.position)},
          {"kind", what.kind}, {"detail", difference.what}, {"before", nullptr}, {"after", nullptr},
          {"changes", private_changes(what.changes, gateway::privacy_mode::masked)}, {"at", events::format_rfc3339(at)}};
}

} // namespace

log_watch::log_watch(events::event_log& log, events::key_ring& keys, options how)
    : log_(log), keys_(keys), how_(std::move(how)), problems_(log.partitions()), looked_at_(log.partitions()) {
  const std::size_t share = std::max(smallest_share, kept_in_mind / log.partitions());
  for (std::uint32_t i = 0; i < log.partitions(); ++i) watches_.push_back(std::make_unique<partition_verification>(log, keys, events::partition_number{i}, share));
}

log_watch::~log_watch() { stop(); }

void log_watch::start() {
  started_at_ = how_.now();
  if (how_.records_per_second > 0) follower_ = std::jthread([this](std::stop_token stop) { follow(stop); });
}

void log_watch::stop() {
  follower_ = {};
  runner_ = {};
}

void log_watch::note(verification_finding what) {
  findings_.push_back({std::move(what), how_.now()});
  if (findings_.size() > gateway::operator_limits::findings_kept) findings_.pop_front();
}

std::size_t log_watch::step(events::partition_number partition, std::size_t records_max) {
  auto& watch = *watches_[partition.value];
  const auto looked = watch.step(records_max, how_.now());
  auto found = watch.take_findings();
  const std::scoped_lock lock(mutex_);
  problems_[partition.value] = looked ? std::string() : looked.error().message;
  if (looked) looked_at_[partition.value] = how_.now();
  for (auto& each : found) note(std::move(each));
  return looked.value_or(0);
}

/// Ten turns a second, each with its share of what may be read in one.
void log_watch::follow(std::stop_token stop) {
  for (std::uint32_t i = 0; i < watches_.size(); ++i) {
    auto own = how_.own ? how_.own->open({i}) : events::outcome<std::shared_ptr<events::state_store>>(nullptr);
    auto begun = own ? watches_[i]->begin(std::move(*own), how_.stored ? how_.stored({i}) : nullptr) : events::outcome<void>(std::unexpected(own.error()));
    const std::scoped_lock lock(mutex_);
    if (!begun) problems_[i] = "it begins anew: " + begun.error().message;
    for (const auto& each : watches_[i]->place().findings) note(each);
  }
  const auto per_turn = std::max<std::uint64_t>(smallest_step, how_.records_per_second / 10);
  std::uint32_t next = 0;
  auto counted_from = steady_clock::now();
  std::uint64_t counted = 0;
  while (!stop.stop_requested()) {
    std::uint64_t left = per_turn;
    for (std::size_t tried = 0; tried < watches_.size() && left > 0; ++tried, next = (next + 1) % static_cast<std::uint32_t>(watches_.size())) {
      const auto looked = step({next}, static_cast<std::size_t>(std::min<std::uint64_t>(left, 512)));
      left -= std::min<std::uint64_t>(left, looked);
      counted += looked;
      if (looked > 0) tried = 0;
    }
    const auto passed = std::chrono::duration<double>(steady_clock::now() - counted_from).count();
    std::mutex alone;
    std::unique_lock lock(alone);
    if (passed >= 2) {
      const std::scoped_lock held(mutex_);
      rate_ = static_cast<double>(counted) / passed;
      counted = 0;
      counted_from = steady_clock::now();
    }
    wake_.wait_for(lock, stop, turn, [] { return false; });
  }
  for (auto& each : watches_) each->end();
}

document log_watch::background_view() {
  auto partitions = document::array();
  std::uint64_t records = 0, differences = 0, entities = 0, compared = 0;
  bool behind = false;
  for (std::uint32_t i = 0; i < watches_.size(); ++i) {
    const auto now = watches_[i]->now();
    const auto range = log_.range({i});
    const auto end = range ? range->end.value : now.next.value;
    records += now.records;
    differences += now.differences;
    entities += now.entities;
    compared += now.compared;
    behind = behind || now.next.value < end;
    const std::scoped_lock lock(mutex_);
    partitions.push_back({{"partition", i}, {"verified_to", now.next.value}, {"log_end", end},
                          {"at", looked_at_[i] ? document(events::format_rfc3339(*looked_at_[i])) : document(nullptr)},
                          {"problem", problems_[i].empty() ? document(nullptr) : document(problems_[i])}});
  }
  const std::scoped_lock lock(mutex_);
  const char* state = how_.records_per_second == 0 ? "off" : behind ? "running" : "up_to_date";
  return {{"state", state}, {"rate_per_s", rate_}, {"round", 1}, {"started_at", events::format_rfc3339(started_at_)},
          {"partitions", std::move(partitions)}, {"records", records}, {"entities", entities}, {"states_compared", compared}, {"differences", differences}};
}

document log_watch::full_view() const {
  if (!full_) return nullptr;
  return {{"state", full_->state}, {"started_at", events::format_rfc3339(full_->started_at)},
          {"ended_at", full_->ended_at ? document(events::format_rfc3339(*full_->ended_at)) : document(nullptr)}, {"records", full_->records},
          {"total", full_->total}, {"events", full_->events}, {"entities", full_->entities}, {"differences", full_->differences},
          {"problem", full_->problem.empty() ? document(nullptr) : document(full_->problem)}};
}

result<document> log_watch::status() {
  document view{{"background", background_view()}};
  const std::scoped_lock lock(mutex_);
  view["last_full"] = full_view();
  auto list = document::array();
  for (const auto& each : findings_) list.push_back(finding_view(each.what, each.at));
  view["findings"] = std::move(list);
  return view;
}

/// The whole run looks at what the background does too: the larger number counts.
gateway::verification_alarm log_watch::alarm() {
  gateway::verification_alarm raised;
  for (const auto& each : watches_) raised.differences += each->now().differences;
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < problems_.size(); ++i)
    if (!problems_[i].empty()) raised.problems.push_back("partition " + std::to_string(i) + ": " + problems_[i]);
  if (!full_) return raised;
  raised.differences = std::max(raised.differences, full_->differences);
  if (full_->state == "failed") raised.problems.push_back("the whole log: " + full_->problem);
  return raised;
}

result<document> log_watch::run(const std::string& scope) {
  if (scope != "log") return std::unexpected(gateway::validation_error("The scope is log.", "scope"));
  {
    const std::scoped_lock lock(mutex_);
    if (full_ && full_->state == "running") return std::unexpected(gateway::api_error{409, "conflict", "A run is under way."});
    full_ = full_run{.started_at = how_.now()};
  }
  runner_ = std::jthread([this](std::stop_token stop) { verify_all(stop); });
  return status();
}

/// Everything from the start: hashes, links, sequences, and every event folded by its entity's rules.
void log_watch::verify_all(std::stop_token stop) {
  std::vector<std::unique_ptr<actors::runtime::state_verifier>> verifiers;
  std::vector<std::uint64_t> done(log_.partitions(), 0);
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < log_.partitions(); ++i) {
    verifiers.push_back(std::make_unique<actors::runtime::state_verifier>());
    if (const auto range = log_.range({i})) total += range->end.value - range->first.value;
  }
  events::replay_options how;
  how.make_opener = [this] { return events::open_with(keys_); };
  how.stop = stop;
  how.on_progress = [&](const events::replay_progress& now) {
    const std::scoped_lock lock(mutex_);
    done[now.partition.value] = now.records;
    full_->records = 0;
    full_->total = total;
    for (auto each : done) full_->records += each;
  };
  const auto replayed = events::replay_log(log_, how, how_.full_threads, [&](events::partition_number number) { return verifiers[number.value].get(); });
  std::uint64_t differences = 0;
  for (auto& each : verifiers) differences += each->finish();
  const std::scoped_lock lock(mutex_);
  full_->ended_at = how_.now();
  full_->state = replayed ? "done" : "failed";
  if (!replayed) {
    full_->problem = replayed.error().message;
    return;
  }
  full_->records = replayed->records;
  full_->events = replayed->events;
  full_->entities = replayed->entities;
  full_->differences = replayed->differences + differences;
  if (replayed->first_difference) note({*replayed->first_difference, "replay"});
  for (const auto& each : verifiers)
    if (each->first_difference()) note({*each->first_difference(), "state"});
}

std::optional<events::record_verdict> log_watch::verdict_of(events::log_position at) const {
  return at.partition.value < watches_.size() ? watches_[at.partition.value]->verdict_of(at.offset) : std::nullopt;
}

std::vector<events::partition_owner> log_watch::owners_of(events::partition_number partition) const {
  return partition.value < watches_.size() ? watches_[partition.value]->owners() : std::vector<events::partition_owner>{};
}

} // namespace reverie::ops
