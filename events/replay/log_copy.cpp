#include "events/replay/log_copy.hpp"

#include "events/codec/event_codec.hpp"
#include "events/log/epoch_rule.hpp"
#include "events/log/slice_map.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace reverie::events {

namespace {

constexpr std::chrono::milliseconds copied_read_wait{1'000};

/// Where an entity's chain ends.
struct chain_end {
  sequence_number next{1};
  chain_hash hash{};
};
using chain_ends = std::unordered_map<entity_ref, chain_end>;

/// Reads a partition from its first record to the end it has now, through the epoch rule.
template <class Take>
outcome<void> read_partition(event_log& log, partition_number partition, std::stop_token stop, Take take) {
  auto range = log.range(partition);
  if (!range) return std::unexpected(std::move(range.error()));
  auto reader = log.reader(partition, range->first);
  if (!reader) return std::unexpected(std::move(reader.error()));
  std::vector<stored_record> read;
  for (auto next = range->first; next < range->end;) {
    if (stop.stop_requested()) return fail(failure_code::cancelled, "stopped; run it again to go on");
    read.clear();
    auto got = (*reader)->read(read, limits::read_batch_records, copied_read_wait);
    if (!got) return std::unexpected(std::move(got.error()));
    if (read.empty()) continue;
    next = read.back().position.offset.next();
    if (auto taken = take(read); !taken) return taken;
  }
  return {};
}

/// The appends of one batch: waits for all of them and keeps the first failure.
class running_appends {
public:
  running_appends() = default;
  /// Each append that runs still holds this object.
  ~running_appends() {
    std::unique_lock lock(mutex_);
    none_runs_.wait(lock, [this] { return running_ == 0; });
  }
  running_appends(const running_appends&) = delete;
  running_appends& operator=(const running_appends&) = delete;

  event_log::append_done one() {
    std::lock_guard lock(mutex_);
    ++running_;
    return [this](outcome<log_offset> end) {
      std::lock_guard ended(mutex_);
      if (!end && !failed_) failed_ = std::move(end.error());
      if (--running_ == 0) none_runs_.notify_all();
    };
  }
  outcome<void> wait() {
    std::unique_lock lock(mutex_);
    none_runs_.wait(lock, [this] { return running_ == 0; });
    if (failed_) return std::unexpected(std::move(*failed_));
    return {};
  }

private:
  std::mutex mutex_;
  std::condition_variable none_runs_;
  std::size_t running_ = 0;
  std::optional<failure> failed_;
};

/// The log that is written to.
class copy_target {
public:
  copy_target(event_log& log, const log_copy_options& options) : log_(log), options_(options), rules_(log.partitions()), mine_(log.partitions()) {}

  /// Learns what is there, and shows each record that counts.
  outcome<void> look(const std::function<void(const record&)>& seen = {}) {
    rules_.assign(log_.partitions(), {});
    ends_.clear();
    for (std::uint32_t number = 0; number < log_.partitions(); ++number) {
      auto done = read_partition(log_, {number}, options_.stop, [&](const auto& records) -> outcome<void> {
        for (const auto& each : records) {
          if (rules_[number].admit(each.content) != record_verdict::counts) continue;
          ends_[each.content.headers.entity] = {each.content.last_sequence().next(), each.content.headers.hash};
          if (seen) seen(each.content);
          if (number == 0) if (auto mapped = learn_slices(each.content); !mapped) return mapped;
        }
        return {};
      });
      if (!done) return done;
    }
    return {};
  }

  outcome<void> ensure_slices() {
    if (slices_) return {};
    slices_ = slice_map::dealt_over(log_.partitions());
    return append_control({0}, slices_->to_event());
  }

  /// Whether the record is there already; `already_exists` when another one is in its place.
  outcome<bool> holds(const record& content) const {
    const auto& headers = content.headers;
    auto end = end_of(headers.entity);
    if (headers.first_sequence < end.next) {
      if (content.last_sequence().next() == end.next && headers.hash != end.hash) return differs(headers.entity);
      return true;
    }
    if (headers.first_sequence != end.next || headers.previous_hash != end.hash) return differs(headers.entity);
    return false;
  }

  outcome<void> append(record content) {
    auto partition = slices_->partition_of(content.slice_key);
    auto pair = announce(partition);
    if (!pair) return std::unexpected(std::move(pair.error()));
    // One record of an entity at a time: were the first not stored and the second were, the entity would have a gap for ever.
    if (!under_way_.insert(content.headers.entity).second) {
      if (auto settled = settle(); !settled) return settled;
      under_way_.insert(content.headers.entity);
    }
    content.headers.epoch = pair->epoch;
    content.headers.writer = pair->writer;
    ends_[content.headers.entity] = {content.last_sequence().next(), content.headers.hash};
    bytes_ += encoded_size(content);
    log_.append(partition, std::move(content), appends_.one());
    // The log's queue is bounded: what is under way stays well below it.
    return bytes_ < limits::append_batch_bytes ? outcome<void>{} : settle();
  }

  outcome<void> settle() {
    bytes_ = 0;
    under_way_.clear();
    return appends_.wait();
  }

  chain_end end_of(const entity_ref& entity) const {
    auto found = ends_.find(entity);
    return found == ends_.end() ? chain_end{} : found->second;
  }

  static std::unexpected<failure> differs(const entity_ref& entity) {
    return fail(failure_code::already_exists, "the target has another history of " + to_string(entity));
  }

private:
  outcome<void> learn_slices(const record& content) {
    if (content.headers.types.front().name != partition::slices_mapped::name) return {};
    auto decoded = decode_events(content.value, {});
    if (!decoded) return std::unexpected(std::move(decoded.error()));
    auto map = slice_map::from_event(std::get<partition::slices_mapped>(decoded->events.front()), log_.partitions());
    if (!map) return std::unexpected(std::move(map.error()));
    slices_ = *map;
    return {};
  }

  /// Once per partition, before the first record that goes there.
  outcome<counting_pair> announce(partition_number partition) {
    auto& pair = mine_[partition.value];
    if (!pair) {
      pair = counting_pair{rules_[partition.value].pair().epoch.next(), options_.fresh_writer()};
      auto done = append_control(partition, partition::owner_announced{pair->epoch.value, pair->writer.value, options_.node});
      if (!done) return std::unexpected(std::move(done.error()));
    }
    return *pair;
  }

  outcome<void> append_control(partition_number partition, const event& what) {
    if (!std::holds_alternative<partition::owner_announced>(what))
      if (auto pair = announce(partition); !pair) return std::unexpected(std::move(pair.error()));
    auto entity = partition_entity(partition);
    auto& end = ends_[entity];
    record made;
    made.slice_key = entity.id;
    made.value = encode_events(std::span{&what, 1}, {});
    auto& headers = made.headers;
    headers.epoch = mine_[partition.value]->epoch;
    headers.writer = mine_[partition.value]->writer;
    headers.entity = entity;
    headers.first_sequence = end.next;
    headers.types = {{std::string(name_of(what)), 1}};
    headers.at = options_.now;
    headers.previous_hash = end.hash;
    headers.hash = hash_of(made);
    end = {made.last_sequence().next(), headers.hash};
    log_.append(partition, std::move(made), appends_.one());
    return settle();
  }

  event_log& log_;
  const log_copy_options& options_;
  std::vector<epoch_rule> rules_;
  std::vector<std::optional<counting_pair>> mine_;
  chain_ends ends_;
  std::optional<slice_map> slices_;
  running_appends appends_;
  std::unordered_set<entity_ref> under_way_;
  std::size_t bytes_ = 0;
};

/// One copy, from all partitions of the source.
class log_copier {
public:
  log_copier(event_log& source, event_log& target, const log_copy_options& options)
      : source_(source), options_(options), target_(target, options) {}

  outcome<log_copy_report> run() {
    for (std::uint32_t number = 0; number < source_.partitions(); ++number) {
      auto range = source_.range({number});
      if (!range) return std::unexpected(std::move(range.error()));
      progress_.of += range->end.value - range->first.value;
    }
    if (auto looked = target_.look(); !looked) return std::unexpected(std::move(looked.error()));
    if (auto mapped = target_.ensure_slices(); !mapped) return std::unexpected(std::move(mapped.error()));
    for (std::uint32_t number = 0; number < source_.partitions(); ++number) {
      epoch_rule rule;
      auto done = read_partition(source_, {number}, options_.stop, [&](auto& records) { return take(rule, records); });
      if (!done) return std::unexpected(std::move(done.error()));
    }
    if (report_.copied > 0 || target_goes_on()) {
      if (auto same = check(); !same) return std::unexpected(std::move(same.error()));
    }
    return report_;
  }

private:
  outcome<void> take(epoch_rule& rule, std::vector<stored_record>& records) {
    for (auto& each : records) {
      if (auto taken = take_one(rule, each); !taken) return taken;
    }
    progress_.read += records.size();
    auto settled = target_.settle();
    if (settled && options_.on_progress) options_.on_progress(progress_);
    return settled;
  }

  outcome<void> take_one(epoch_rule& rule, stored_record& each) {
    auto verdict = rule.admit(each.content);
    const auto& headers = each.content.headers;
    if (verdict == record_verdict::gap) return fail(failure_code::corrupted, "the source has a gap before record " + to_string(each.position));
    if (verdict != record_verdict::counts || headers.entity.kind == entity_kind::partition) {
      ++report_.left_out;
      return {};
    }
    auto& end = ends_[headers.entity];
    if (headers.previous_hash != end.hash || hash_of(each.content) != headers.hash)
      return fail(failure_code::corrupted, "the source's chain is broken at record " + to_string(each.position));
    end = {each.content.last_sequence().next(), headers.hash};
    auto there = target_.holds(each.content);
    if (!there) return std::unexpected(std::move(there.error()));
    ++(*there ? report_.present : report_.copied);
    return *there ? outcome<void>{} : target_.append(std::move(each.content));
  }

  /// Whether the target has more of some entity: then its history was not compared where the source's ends.
  bool target_goes_on() const {
    return std::ranges::any_of(ends_, [&](const auto& each) { return target_.end_of(each.first).next > each.second.next; });
  }

  /// An acknowledgement proves nothing: what counts in the target is read from it, and compared where the source's chains end.
  outcome<void> check() {
    std::unordered_map<entity_ref, chain_hash> there;
    auto looked = target_.look([&](const record& content) {
      const auto ours = ends_.find(content.headers.entity);
      if (ours != ends_.end() && content.last_sequence().next() == ours->second.next) there[content.headers.entity] = content.headers.hash;
    });
    if (!looked) return looked;
    for (const auto& [entity, end] : ends_) {
      if (target_.end_of(entity).next < end.next)
        return fail(failure_code::fenced, to_string(entity) + " is not whole in the target: somebody else writes to it; run the copy again when nobody does");
      const auto found = there.find(entity);
      if (found == there.end() || found->second != end.hash) return copy_target::differs(entity);
    }
    return {};
  }

  event_log& source_;
  const log_copy_options& options_;
  copy_target target_;
  chain_ends ends_;
  log_copy_progress progress_;
  log_copy_report report_;
};

} // namespace

outcome<log_copy_report> copy_log(event_log& source, event_log& target, const log_copy_options& options) {
  return log_copier(source, target, options).run();
}

} // namespace reverie::events
