#include "events/replay/log_replay.hpp"

#include "events/model/limits.hpp"
#include "events/replay/record_events.hpp"
#include "events/vault/field_sealing.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace reverie::events {

namespace {

/// One partition's way through a replay.
class partition_replay {
public:
  partition_replay(const replay_options& options, replay_visitor* visitor)
      : options_(options), visitor_(visitor), checker_(options.rule, options.links), decoder_(options.make_opener ? options.make_opener() : open_nothing()) {}

  outcome<void> take(const stored_record& stored) {
    auto found = checker_.check(stored, options_.check_hashes);
    if (visitor_) visitor_->on_verdict(stored, found.verdict);
    if (found.difference) note(std::move(*found.difference));
    if (found.verdict != record_verdict::counts) return {};
    ++report_.records;
    if (!options_.decode) return {};
    if (auto decoded = decoder_.decode(stored); !decoded) {
      auto& why = decoded.error();
      if (why.code == failure_code::key_unavailable || why.code == failure_code::unavailable) return decoded;
      note({stored.position, stored.content.headers.entity, stored.content.headers.first_sequence, std::move(why.message)});
      return {};
    }
    give(stored);
    return {};
  }

  void note(log_difference difference) {
    ++report_.differences;
    if (visitor_) visitor_->on_difference(difference);
    if (!report_.first_difference) report_.first_difference = std::move(difference);
  }

  replay_report finish() {
    const auto& counted = checker_.rule().counted();
    report_.entities = checker_.entities();
    report_.fenced = counted.fenced;
    report_.repeated = counted.repeated;
    report_.gaps = counted.gaps;
    return std::move(report_);
  }

private:
  void give(const stored_record& stored) {
    auto& events = decoder_.events();
    report_.events += events.size();
    report_.redacted += decoder_.redacted();
    if (!visitor_) return;
    for (std::size_t i = 0; i < events.size(); ++i) {
      current_.context = context_of(stored, i);
      std::swap(current_.payload, events[i]);
      visitor_->on_event(current_, decoder_.redacted());
    }
    visitor_->on_record(stored);
  }

  const replay_options& options_;
  replay_visitor* visitor_;
  chain_checker checker_;
  record_decoder decoder_;
  recorded_event current_;
  replay_report report_;
};

} // namespace

void replay_report::add(const replay_report& other) {
  records += other.records;
  events += other.events;
  entities += other.entities;
  fenced += other.fenced;
  repeated += other.repeated;
  gaps += other.gaps;
  redacted += other.redacted;
  differences += other.differences;
  if (!first_difference) first_difference = other.first_difference;
}

outcome<replay_report> replay_partition(event_log& log, partition_number partition, const replay_options& options,
                                        replay_visitor* visitor) {
  auto range = log.range(partition);
  if (!range) return std::unexpected(std::move(range.error()));
  auto end = options.until ? std::min(*options.until, range->end) : range->end;
  auto next = std::max(options.from, range->first);
  auto total = end > next ? end.value - next.value : 0;
  auto reader = log.reader(partition, next);
  if (!reader) return std::unexpected(std::move(reader.error()));
  partition_replay replay(options, visitor);
  std::vector<stored_record> read;
  while (next < end) {
    if (options.stop.stop_requested()) return fail(failure_code::cancelled, "the replay was stopped");
    read.clear();
    auto wanted = std::min<std::uint64_t>(limits::read_batch_records, end.value - next.value);
    auto got = (*reader)->read(read, wanted, std::chrono::milliseconds{1000});
    if (!got && (got.error().code == failure_code::corrupted || got.error().code == failure_code::unknown_version)) {
      // The log names the damage; what follows it is still worth looking at.
      replay.note({{partition, next}, {}, {}, got.error().message});
      next = next.next();
      if (auto moved = (*reader)->seek(next); !moved) return std::unexpected(std::move(moved.error()));
      continue;
    }
    if (!got) return std::unexpected(std::move(got.error()));
    for (const auto& stored : read) {
      if (auto taken = replay.take(stored); !taken) return std::unexpected(std::move(taken.error()));
    }
    if (!read.empty()) next = read.back().position.offset.next();
    if (visitor != nullptr)
      if (auto taken = visitor->on_batch(next); !taken) return std::unexpected(std::move(taken.error()));
    if (options.on_progress) options.on_progress({partition, total - std::min(total, end.value - next.value), total});
  }
  return replay.finish();
}

outcome<replay_report> replay_log(event_log& log, const replay_options& options, std::size_t threads,
                                  const std::function<replay_visitor*(partition_number)>& visitor_of) {
  return replay_log(log, [&](partition_number) { return options; }, threads, visitor_of);
}

outcome<replay_report> replay_log(event_log& log, const std::function<replay_options(partition_number)>& options_of, std::size_t threads,
                                  const std::function<replay_visitor*(partition_number)>& visitor_of) {
  auto partitions = log.partitions();
  std::vector<replay_visitor*> visitors;
  for (std::uint32_t i = 0; i < partitions; ++i) visitors.push_back(visitor_of ? visitor_of({i}) : nullptr);
  std::vector<outcome<replay_report>> reports(partitions);
  std::atomic<std::uint32_t> next{0};
  auto work = [&] {
    for (auto i = next.fetch_add(1); i < partitions; i = next.fetch_add(1)) {
      reports[i] = replay_partition(log, {i}, options_of({i}), visitors[i]);
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(std::max<std::size_t>(threads, 1), partitions); ++i) others.emplace_back(work);
    work();
  }
  replay_report all;
  for (auto& report : reports) {
    if (!report) return std::unexpected(std::move(report.error()));
    all.add(*report);
  }
  return all;
}

} // namespace reverie::events
