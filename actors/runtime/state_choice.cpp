#include "actors/runtime/state_choice.hpp"

#include "actors/runtime/entity_loading.hpp"
#include "actors/runtime/recovery.hpp"

namespace reverie::actors::runtime {

using events::fail;
using events::failure;
using events::failure_code;
using events::kept_generation;
using events::outcome;

namespace {

/// A shared generation that is so many records ahead is fetched instead of folding them; an empty state is replaced by any.
constexpr std::uint64_t worth_fetching = 5'000;

std::string describe(const kept_generation& generation) {
  const auto& applied = generation.manifest.applied;
  return std::string(generation.where == kept_generation::place::shared ? "the shared generation" : "an older generation of its own") + " at offset " +
         std::to_string(applied.next.value) + " of epoch " + std::to_string(applied.pair.epoch.value);
}

class choice {
public:
  choice(const node_ports& ports, events::partition_number partition)
      : ports_(ports), partition_(partition), records_(ports.log, partition) {}

  outcome<chosen_state> run() {
    auto range = ports_.log->range(partition_);
    if (!range) return std::unexpected(range.error());
    made_.log = *range;
    auto fits = open("its local state");
    if (!fits && (fits.error().code != failure_code::corrupted || !ports_.generations)) return std::unexpected(fits.error());
    if (!ports_.generations) return std::move(made_);
    if (!fits) say(severity::warning, "its local state is not used: " + fits.error().message);
    if (auto better = look_for_better(fits.has_value()); !better) return std::unexpected(better.error());
    if (made_.store) return std::move(made_);
    return begin_anew();
  }

private:
  /// Opens what is in place; fails with `corrupted` when it does not fit the log. `proven`: the log's record before its place was compared.
  outcome<void> open(std::string from, bool proven = false) {
    auto store = ports_.states->open(partition_);
    if (!store) return std::unexpected(store.error());
    auto applied = (*store)->applied();
    if (!applied) return std::unexpected(applied.error());
    if (!proven)
      if (auto fits = fits_log(**store, *applied); !fits) return fits;
    made_.store = std::move(*store);
    made_.applied = *applied;
    made_.from = applied->next.value == 0 ? "the log's start" : std::move(from);
    return {};
  }

  /// The log must hold the place, and at its place the newest owner (or slice map) that the state knows of: an announcement names a fresh
  /// random writer, so no other log has the same.
  outcome<void> fits_log(events::state_store& store, const events::applied_position& applied) {
    if (applied.next > made_.log.end || applied.next < made_.log.first)
      return fail(failure_code::corrupted, "local state of partition " + std::to_string(partition_.value) + " stands at offset " +
                                               std::to_string(applied.next.value) + ", which the log does not hold");
    const auto control = control_address(partition_);
    auto tip = store.tip_of(control.entity);
    if (!tip) return std::unexpected(tip.error());
    if (!*tip || (*tip)->first.value < 2) return {};
    auto places = store.history(control, {(*tip)->first.value - 1}, 1);
    if (!places) return std::unexpected(places.error());
    if (places->empty()) return {};
    return is_at(places->front().offset, (*tip)->second);
  }

  outcome<void> is_at(events::log_offset offset, const events::chain_hash& hash) {
    auto record = records_.at(offset);
    if (!record) return std::unexpected(record.error());
    if (record->content.headers.hash == hash) return {};
    return fail(failure_code::corrupted, "the log of partition " + std::to_string(partition_.value) + " has another record at offset " +
                                             std::to_string(offset.value) + ": the state was folded from another log");
  }

  outcome<void> look_for_better(bool fits) {
    auto kept = ports_.generations->kept(partition_);
    if (!kept) {
      say(severity::warning, "no generation can be looked at: " + kept.error().message);
      return {};
    }
    for (const auto& each : *kept) {
      if (made_.store && !is_better(each)) continue;
      auto taken = take(each);
      if (taken) return {};
      say(severity::warning, describe(each) + " is not used: " + taken.error().message);
      if (taken.error().code == failure_code::locked && !fits) // tried again, when nobody holds it any more
        return fail(failure_code::unavailable, taken.error().message);
      if (made_.store) continue;
      // What was in place is closed, and it may still be what it was.
      if (auto again = open("its local state"); !again && may_pass(again.error().code)) return again;
    }
    return {};
  }

  bool is_better(const kept_generation& generation) const {
    const auto next = generation.manifest.applied.next;
    const auto needed = made_.applied.next.value == 0 ? 1 : worth_fetching;
    return generation.where == kept_generation::place::shared && next.value >= made_.applied.next.value + needed;
  }

  outcome<void> take(const kept_generation& generation) {
    const auto next = generation.manifest.applied.next;
    if (next > made_.log.end || next < made_.log.first || next.value == 0) return fail(failure_code::corrupted, "the log does not hold its place");
    if (generation.last_hash)
      if (auto same = is_at({next.value - 1}, *generation.last_hash); !same) return same;
    made_.store.reset();
    if (auto taken = ports_.generations->take(partition_, generation); !taken) return taken;
    if (auto opened = open(describe(generation), generation.last_hash.has_value()); !opened) return opened;
    if (made_.applied.next == next && made_.applied.pair == generation.manifest.applied.pair) return {};
    made_.store.reset();
    auto anew = ports_.generations->begin_anew(partition_);
    return anew ? fail(failure_code::corrupted, "it stands elsewhere than its manifest says") : anew;
  }

  outcome<chosen_state> begin_anew() {
    if (auto empty = ports_.generations->begin_anew(partition_); !empty) return std::unexpected(empty.error());
    if (auto opened = open("the log's start"); !opened) return std::unexpected(opened.error());
    return std::move(made_);
  }

  void say(severity how, const std::string& line) const {
    if (ports_.log_line) ports_.log_line(how, "partition " + std::to_string(partition_.value) + ": " + line);
  }

  const node_ports& ports_;
  events::partition_number partition_;
  record_source records_;
  chosen_state made_;
};

} // namespace

outcome<chosen_state> choose_state(const node_ports& ports, events::partition_number partition) { return choice{ports, partition}.run(); }

outcome<bool> share_generation(const node_ports& ports, events::partition_number partition, const events::checkpoint_manifest& own) {
  if (!ports.generations || own.applied.next.value == 0) return false;
  auto last = record_source{ports.log, partition}.at({own.applied.next.value - 1});
  if (!last) return std::unexpected(last.error());
  return ports.generations->share(partition, own, last->content.headers.hash);
}

} // namespace reverie::actors::runtime
