#include "events/replay/record_search.hpp"

#include <algorithm>
#include <deque>

namespace reverie::events {

namespace {

constexpr auto clock_slack = std::chrono::minutes(1);
constexpr std::chrono::milliseconds read_wait{100};
constexpr int waits_max = 50; // a log that gives nothing for five seconds is away
constexpr std::size_t few_partitions = 8, large_batch = 256, small_batch = 32;

/// Reads [from, to) of one partition; what is damaged is left out.
outcome<void> read_range(log_reader& reader, log_offset from, log_offset to, std::deque<stored_record>& into) {
  if (auto sought = reader.seek(from); !sought) return sought;
  std::vector<stored_record> batch;
  int waits = 0;
  for (auto at = from; at < to;) {
    batch.clear();
    auto read = reader.read(batch, to.value - at.value, read_wait);
    if (!read && read.error().code == failure_code::corrupted && batch.empty()) {
      at = at.next();
      if (auto sought = reader.seek(at); !sought) return sought;
      continue;
    }
    if (!read && batch.empty()) return std::unexpected(read.error());
    if (batch.empty() && ++waits == waits_max) return fail(failure_code::timed_out, "the log gives no records");
    for (auto& each : batch) {
      if (!(each.position.offset < to)) return {};
      at = each.position.offset.next();
      into.push_back(std::move(each));
    }
  }
  return {};
}

/// One partition of a search: what was read and not yet looked at, the next one in front.
class search_lane {
public:
  search_lane(event_log& log, partition_number partition, const record_search& what) : log_(log), partition_(partition), what_(what) {}

  outcome<void> open(std::size_t batch) {
    batch_ = batch;
    auto range = log_.range(partition_);
    if (!range) return std::unexpected(range.error());
    range_ = *range;
    if (auto known = what_.from.find(partition_); known != what_.from.end()) {
      place_ = std::clamp(known->second, range_.first, range_.end);
    } else if (auto begun = begin(); !begun) {
      return begun;
    }
    over_ = at_end();
    return {};
  }

  /// Makes sure that the next record is known, unless there is none.
  outcome<void> look() {
    while (!over_ && ahead_.empty()) {
      if (at_end()) {
        over_ = true;
        break;
      }
      if (auto read = fill(); !read) return read;
    }
    return {};
  }
  bool over() const { return over_; }
  timestamp next_time() const { return ahead_.front().content.headers.at; }

  stored_record take() {
    auto record = std::move(ahead_.front());
    ahead_.pop_front();
    place_ = what_.forward ? record.position.offset.next() : record.position.offset;
    const auto at = record.content.headers.at;
    const auto& filter = what_.filter;
    if (what_.forward ? filter.until && at > *filter.until + clock_slack : filter.since && at < *filter.since - clock_slack) {
      over_ = true;
      place_ = what_.forward ? range_.end : range_.first;
    }
    return record;
  }
  log_offset place() const { return place_; }
  partition_number partition() const { return partition_; }

private:
  bool at_end() const { return what_.forward ? !(place_ < range_.end) : !(range_.first < place_); }

  outcome<void> begin() {
    place_ = what_.forward ? range_.first : range_.end;
    const auto& edge = what_.forward ? what_.filter.since : what_.filter.until;
    if (!edge) return {};
    auto found = first_at(log_, partition_, range_, what_.forward ? *edge - clock_slack : *edge + clock_slack);
    if (!found) return std::unexpected(found.error());
    place_ = *found;
    return {};
  }

  outcome<void> fill() {
    auto from = place_, to = place_;
    if (what_.forward) to = {std::min<std::uint64_t>(range_.end.value, place_.value + batch_)};
    else from = {std::max<std::uint64_t>(range_.first.value, place_.value > batch_ ? place_.value - batch_ : 0)};
    if (!reader_) {
      auto opened = log_.reader(partition_, from);
      if (!opened) return std::unexpected(opened.error());
      reader_ = std::move(*opened);
    }
    if (auto read = read_range(*reader_, from, to, ahead_); !read) return read;
    if (!what_.forward) std::ranges::reverse(ahead_);
    if (ahead_.empty()) place_ = what_.forward ? to : from;
    return {};
  }

  event_log& log_;
  partition_number partition_;
  const record_search& what_;
  std::size_t batch_ = small_batch;
  log_range range_{};
  log_offset place_{};
  std::unique_ptr<log_reader> reader_;
  std::deque<stored_record> ahead_;
  bool over_ = false;
};

} // namespace

bool record_filter::matches(const record& content) const {
  const auto& headers = content.headers;
  if (entity && headers.entity != *entity) return false;
  if (correlation && headers.correlation != *correlation) return false;
  if (command && headers.command != *command) return false;
  if ((since && headers.at < *since) || (until && headers.at >= *until)) return false;
  if (type.empty()) return true;
  return std::ranges::any_of(headers.types, [&](const event_type& each) {
    return type.ends_with('*') ? each.name.starts_with(std::string_view(type).substr(0, type.size() - 1)) : each.name == type;
  });
}

outcome<stored_record> record_at(event_log& log, log_position at) {
  auto none = [&] { return fail(failure_code::not_found, "there is no record at " + to_string(at)); };
  if (at.partition.value >= log.partitions()) return none();
  auto range = log.range(at.partition);
  if (!range) return std::unexpected(range.error());
  if (at.offset < range->first || !(at.offset < range->end)) return none();
  auto reader = log.reader(at.partition, at.offset);
  if (!reader) return std::unexpected(reader.error());
  std::vector<stored_record> found;
  for (int i = 0; i < waits_max && found.empty(); ++i)
    if (auto read = (*reader)->read(found, 1, read_wait); !read) return std::unexpected(read.error());
  if (found.empty()) return fail(failure_code::timed_out, "the log gives no records");
  if (found.front().position.offset != at.offset) return none();
  return std::move(found.front());
}

outcome<log_offset> first_at(event_log& log, partition_number partition, log_range within, timestamp at) {
  if (!(within.first < within.end)) return within.end;
  auto reader = log.reader(partition, within.first);
  if (!reader) return std::unexpected(reader.error());
  auto low = within.first, high = within.end;
  while (low < high) {
    const log_offset middle{low.value + (high.value - low.value) / 2};
    std::deque<stored_record> one;
    if (auto read = read_range(**reader, middle, middle.next(), one); !read) return std::unexpected(read.error());
    // A damaged record has no time: what lies before it decides.
    if (!one.empty() && one.front().content.headers.at < at) low = middle.next();
    else high = middle;
  }
  return low;
}

outcome<search_findings> search_records(event_log& log, const record_search& what) {
  if (what.only && what.only->value >= log.partitions()) return fail(failure_code::not_found, "there is no such partition");
  std::deque<search_lane> lanes;
  const std::size_t count = what.only ? 1 : log.partitions();
  for (std::uint32_t i = 0; i < count; ++i) {
    lanes.emplace_back(log, what.only ? *what.only : partition_number{i}, what);
    if (auto opened = lanes.back().open(count <= few_partitions ? large_batch : small_batch); !opened) return std::unexpected(opened.error());
  }
  search_findings findings;
  while (findings.found.size() < what.found_max && findings.looked_at < what.looked_at_max) {
    search_lane* next = nullptr;
    for (auto& lane : lanes) {
      if (auto looked = lane.look(); !looked) return std::unexpected(looked.error());
      if (lane.over()) continue;
      if (next == nullptr || (what.forward ? lane.next_time() < next->next_time() : lane.next_time() > next->next_time())) next = &lane;
    }
    if (next == nullptr) break;
    ++findings.looked_at;
    auto record = next->take();
    if (what.filter.matches(record.content)) findings.found.push_back(std::move(record));
  }
  for (auto& lane : lanes) {
    if (auto looked = lane.look(); !looked) return std::unexpected(looked.error());
    findings.more = findings.more || !lane.over();
    findings.places[lane.partition()] = lane.place();
  }
  return findings;
}

} // namespace reverie::events
