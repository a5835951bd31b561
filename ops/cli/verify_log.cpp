#include "ops/cli/verify_log.hpp"

#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "ops/cli/printed_number.hpp"
#include "ops/cli/replay_bar.hpp"
#include "ops/operator/verified_states.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <mutex>

namespace reverie::ops {

namespace {

using events::outcome;
using nlohmann::ordered_json;

constexpr std::size_t small_cache_bytes = 16 * 1024 * 1024;


/// The states in a folder, unless somebody else has them open.
std::unique_ptr<events::rocksdb_state_factory> states_in(const std::filesystem::path& folder, const char* what, const char* otherwise) {
  auto opened = events::rocksdb_state_factory::open_folder(folder, {.cache_bytes = small_cache_bytes, .write_buffer_bytes = small_cache_bytes});
  if (opened) return std::move(*opened);
  std::fprintf(stderr, "reverie: %s (%s); %s\n", what, opened.error().code == events::failure_code::locked ? "another process holds them" : opened.error().message.c_str(), otherwise);
  return nullptr;
}

/// A verification over all partitions: what it reads, and where each stands.
class log_verification {
public:
  log_verification(const log_access& access, const replay_options& how)
      : access_(access), how_(how), folder_(access.state.parent_path() / (access.state.filename().string() + "-verified")) {}

  outcome<void> open() {
    std::error_code ignored;
    if (how_.from_start) std::filesystem::remove_all(folder_, ignored);
    if (std::filesystem::exists(access_.state, ignored)) stored_ = states_in(access_.state, "stored states are not compared", "chains and folds are");
    own_ = states_in(folder_, "this verification can't be continued later", "it is done in one go");
    for (std::uint32_t i = 0; i < access_.log->partitions(); ++i) {
      verified_states::sources from{.own = {}, .stored = {}, .keys = access_.vault ? access_.vault->keys.get() : nullptr, .partition = {i}};
      for (auto [factory, into] : {std::pair{own_.get(), &from.own}, std::pair{stored_.get(), &from.stored}}) {
        if (factory == nullptr) continue;
        auto state = factory->open({i});
        if (!state) return std::unexpected(state.error());
        *into = std::move(*state);
      }
      partitions_.push_back(std::make_unique<verified_states>(std::move(from)));
      if (auto read = partitions_.back()->open(); !read) return read;
    }
    return {};
  }

  outcome<void> run() {
    std::uint64_t total = 0, begun = 0;
    for (std::uint32_t i = 0; i < partitions_.size(); ++i) {
      const auto range = access_.log->range({i});
      if (!range) return std::unexpected(range.error());
      if (partitions_[i]->place().next > range->end)
        return events::fail(events::failure_code::malformed, "an earlier verification was of another log: begin anew with --from-start");
      const auto first = std::max(range->first, partitions_[i]->place().next);
      begun += partitions_[i]->place().records;
      ends_.push_back(how_.records ? std::min(range->end, events::log_offset{first.value + *how_.records}) : range->end);
      whole_ = whole_ && ends_.back() == range->end;
      total += ends_.back().value - std::min(ends_.back().value, first.value);
    }
    if (begun > 0) std::fprintf(stderr, "reverie: goes on behind %llu records that were verified before (--from-start begins anew)\n", printed(begun));
    auto progress = std::make_shared<replay_bar>("replay", total, partitions_.size());
    std::mutex mutex;
    std::optional<events::failure> failed;
    const auto options_of = [&](events::partition_number which) {
      events::replay_options options;
      auto& mine = *partitions_[which.value];
      auto rule = mine.rule();
      auto links = mine.links();
      if (!rule || !links) {
        const std::scoped_lock lock(mutex);
        failed = !rule ? rule.error() : links.error();
        options.until = events::log_offset{0};
        return options;
      }
      options.from = mine.place().next;
      options.rule = std::move(*rule);
      options.links = std::move(*links);
      options.until = ends_[which.value];
      options.make_opener = [this] { return access_.opener(); };
      options.on_progress = [progress](const events::replay_progress& each) { (*progress)(each); };
      return options;
    };
    auto done = events::replay_log(*access_.log, options_of, how_.threads, [&](events::partition_number which) { return partitions_[which.value].get(); });
    progress.reset();
    if (failed) return std::unexpected(*failed);
    if (!done) return std::unexpected(done.error());
    return finish();
  }

  verified_place sum() const {
    verified_place all;
    for (const auto& each : partitions_) {
      const auto& one = each->place();
      all.records += one.records, all.events += one.events, all.entities += one.entities, all.fenced += one.fenced, all.repeated += one.repeated;
      all.redacted += one.redacted, all.differences += one.differences, all.compared += one.compared;
    }
    return all;
  }

  /// With what changed where it was found just now.
  std::optional<verification_finding> first() const {
    for (const auto& each : found_) return each;
    for (const auto& each : partitions_)
      if (!each->place().findings.empty()) return each->place().findings.front();
    return std::nullopt;
  }

  bool whole() const { return whole_; }

  /// Nothing is left to go on with.
  void forget() {
    partitions_.clear();
    own_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

private:
  outcome<void> finish() {
    for (std::uint32_t i = 0; i < partitions_.size(); ++i) {
      auto& one = *partitions_[i];
      if (auto kept = one.commit(ends_[i]); !kept) return kept;
      if (whole_)
        if (auto swept = one.sweep(true); !swept) return swept;
      std::ranges::move(one.take_findings(), std::back_inserter(found_));
    }
    return {};
  }

  const log_access& access_;
  const replay_options& how_;
  std::filesystem::path folder_;
  std::unique_ptr<events::rocksdb_state_factory> stored_, own_;
  std::vector<std::unique_ptr<verified_states>> partitions_;
  std::vector<events::log_offset> ends_;
  std::vector<verification_finding> found_;
  bool whole_ = true;
};

void print_first(const verification_finding& first) {
  std::fprintf(stderr, "first difference: %s\n", events::to_string(first.difference).c_str());
  if (!first.changes.empty()) std::fprintf(stderr, "%s\n", first.changes.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

} // namespace

exit_code run_log_verification(const log_access& access, const replay_options& how, bool json) {
  log_verification run(access, how);
  if (auto opened = run.open(); !opened) return report(opened.error());
  if (auto done = run.run(); !done) return report(done.error());
  const auto sum = run.sum();
  const auto first = run.first();
  if (first) print_first(*first);
  if (json)
    std::puts(ordered_json{{"records", sum.records}, {"entities", sum.entities}, {"events", sum.events}, {"fenced", sum.fenced}, {"repeated", sum.repeated},
                           {"redacted", sum.redacted}, {"compared", sum.compared}, {"differences", sum.differences}, {"whole", run.whole()},
                           {"first_difference", first ? ordered_json(events::to_string(first->difference)) : ordered_json()}}
                  .dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
  std::fprintf(json ? stderr : stdout, "%s: %llu records, %llu entities, %llu differences\n", run.whole() ? "verified" : "verified so far", printed(sum.records), printed(sum.entities),
              printed(sum.differences));
  if (run.whole()) run.forget();
  return sum.differences == 0 ? exit_code::done : exit_code::differences;
}

} // namespace reverie::ops
