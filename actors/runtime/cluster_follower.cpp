#include "actors/runtime/cluster_follower.hpp"

#include "events/codec/event_codec.hpp"
#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using events::outcome;

namespace {

constexpr std::uint64_t first_search = 4'096, longest_search = 65'536;
constexpr std::chrono::milliseconds no_wait{0};
constexpr std::chrono::milliseconds only_what_is_here{-1}; ///< one thread follows all partitions: none may hold up the others

const events::partition::owner_announced* announced_in(const std::vector<events::event>& all) {
  return all.size() == 1 ? std::get_if<events::partition::owner_announced>(&all.front()) : nullptr;
}

bool is_announcement(const events::record_headers& headers) {
  return headers.entity.kind == events::entity_kind::partition && headers.types.size() == 1 &&
         headers.types.front().name == events::partition::owner_announced::name;
}

std::string node_of(const events::stored_record& record) {
  auto decoded = events::decode_events(record.content.value, {});
  const auto* said = decoded ? announced_in(decoded->events) : nullptr;
  return said == nullptr ? std::string{} : said->node;
}

} // namespace

log_follower::log_follower(std::shared_ptr<events::event_log> log, listener told, line_logger say, options how)
    : log_(std::move(log)), told_(std::move(told)), say_(std::move(say)), options_(how), places_(log_->partitions()), shown_(log_->partitions()) {
  for (std::uint32_t i = 0; i < places_.size(); ++i) places_[i].partition = {i};
}

log_follower::~log_follower() { stop(); }

void log_follower::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void log_follower::stop() {
  thread_ = {};
  for (auto& each : places_) each.reader.reset();
}

void log_follower::run(std::stop_token stop) {
  while (!stop.stop_requested())
    if (!look()) std::this_thread::sleep_for(options_.pause);
}

bool log_follower::look() {
  bool anything = false;
  for (auto& each : places_) {
    auto stepped = step(each);
    if (stepped) {
      anything = anything || *stepped;
      each.trouble.clear();
    } else if (each.trouble != stepped.error().message) {
      each.trouble = stepped.error().message;
      if (say_) say_(severity::warning, "partition " + std::to_string(each.partition.value) + " can't be followed now: " + each.trouble);
    }
  }
  return anything;
}

/// The slice map stands near the beginning of partition 0.
outcome<void> log_follower::find_slices() {
  auto range = log_->range({0});
  if (!range) return std::unexpected(range.error());
  auto reader = log_->reader({0}, range->first);
  if (!reader) return std::unexpected(reader.error());
  for (auto next = range->first; next < range->end && !slices_known_;) {
    std::vector<events::stored_record> batch;
    auto count = (*reader)->read(batch, events::limits::read_batch_records, no_wait);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) break;
    for (const auto& each : batch)
      if (!slices_known_ && each.content.headers.entity.kind == events::entity_kind::partition) take_control(each);
    next = batch.back().position.offset.next();
  }
  return {};
}

outcome<bool> log_follower::begin(place& at) {
  if (at.partition.value == 0 && !slices_known_)
    if (auto looked = find_slices(); !looked) return std::unexpected(looked.error());
  auto range = log_->range(at.partition);
  if (!range) return std::unexpected(range.error());
  const auto from = std::max(range->first.value, range->end.value - std::min(range->end.value, options_.window));
  auto reader = log_->reader(at.partition, {from});
  if (!reader) return std::unexpected(reader.error());
  at.reader = std::move(*reader);
  at.live_from = range->end;
  at.searched = {from};
  at.step = first_search;
  at.began = true;
  std::lock_guard lock(mutex_);
  auto& shown = shown_[at.partition.value];
  shown.next = {from};
  shown.caught_up = from >= range->end.value;
  return true;
}

outcome<bool> log_follower::step(place& at) {
  if (!at.began) return begin(at);
  if (at.waiting.empty()) {
    std::vector<events::stored_record> batch;
    auto count = at.reader->read(batch, events::limits::read_batch_records, only_what_is_here);
    if (!count) return std::unexpected(count.error());
    at.waiting.insert(at.waiting.end(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  }
  const bool anything = !at.waiting.empty();
  while (!at.waiting.empty()) {
    const auto& record = at.waiting.front();
    const bool live = record.position.offset >= at.live_from;
    // Shown first: who begins to listen while the record is passed on asks its owner for it. Better twice, which a client's feed drops, than never.
    show(at, record.position.offset.next());
    if (!live) learn_before(at, record);
    else if (!take(at, record)) return false;
    at.waiting.pop_front();
  }
  if (anything) return true;
  return search(at);
}

void log_follower::show(const place& at, events::log_offset next) {
  std::lock_guard lock(mutex_);
  auto& shown = shown_[at.partition.value];
  shown.next = next;
  shown.caught_up = shown.caught_up || next >= at.live_from;
}

/// A record of a session proves that its writer was read back as the owner; of announcements of one epoch the first counts.
void log_follower::learn_before(place& at, const events::stored_record& record) {
  const auto& headers = record.content.headers;
  auto known = owner_of(at.partition).value_or(partition_owner{});
  if (is_announcement(headers)) {
    if (headers.epoch > known.epoch) set_owner(at.partition, {headers.epoch, headers.writer, node_of(record)});
  } else if (headers.epoch > known.epoch || (headers.epoch == known.epoch && headers.writer != known.writer)) {
    set_owner(at.partition, {headers.epoch, headers.writer, {}});
  }
  if (headers.entity.kind == events::entity_kind::partition) take_control(record);
}

bool log_follower::take(place& at, const events::stored_record& record) {
  const auto& headers = record.content.headers;
  const auto known = owner_of(at.partition).value_or(partition_owner{});
  if (is_announcement(headers)) {
    if (headers.epoch.value == known.epoch.value + 1) set_owner(at.partition, {headers.epoch, headers.writer, node_of(record)});
    return true;
  }
  if (headers.epoch != known.epoch || headers.writer != known.writer) return true; // fenced
  if (headers.entity.kind == events::entity_kind::partition) {
    take_control(record);
    return true;
  }
  return told_.counted(record);
}

void log_follower::take_control(const events::stored_record& record) {
  auto decoded = events::decode_events(record.content.value, {});
  if (!decoded) return;
  for (const auto& each : decoded->events) {
    const auto* mapped = std::get_if<events::partition::slices_mapped>(&each);
    if (mapped == nullptr) continue;
    auto map = events::slice_map::from_event(*mapped, log_->partitions());
    if (!map) continue;
    slices_known_ = true;
    told_.slices(*map);
  }
}

/// The owner's announcement lies before what was read: one piece of the log further back at a time.
outcome<bool> log_follower::search(place& at) {
  const auto owner = owner_of(at.partition);
  if (!owner || owner->writer.is_nil() || !owner->node.empty()) return false;
  auto range = log_->range(at.partition);
  if (!range) return std::unexpected(range.error());
  if (at.searched <= range->first) return false;
  const auto end = at.searched;
  const events::log_offset from{std::max(range->first.value, end.value - std::min(end.value, at.step))};
  auto reader = log_->reader(at.partition, from);
  if (!reader) return std::unexpected(reader.error());
  for (auto next = from; next < end;) {
    std::vector<events::stored_record> batch;
    auto count = (*reader)->read(batch, events::limits::read_batch_records, no_wait);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) break;
    for (const auto& each : batch)
      if (is_announcement(each.content.headers) && each.content.headers.writer == owner->writer)
        set_owner(at.partition, {owner->epoch, owner->writer, node_of(each)});
    next = batch.back().position.offset.next();
  }
  at.searched = from;
  at.step = std::min(at.step * 2, longest_search);
  return true;
}

void log_follower::set_owner(events::partition_number partition, partition_owner owner) {
  {
    std::lock_guard lock(mutex_);
    auto& known = shown_[partition.value].owner;
    if (known == owner) return;
    known = std::move(owner);
  }
  told_.owner_changed(partition);
}

std::optional<partition_owner> log_follower::owner_of(events::partition_number partition) const {
  std::lock_guard lock(mutex_);
  const auto& owner = shown_.at(partition.value).owner;
  return owner.epoch.value == 0 ? std::nullopt : std::optional{owner};
}

events::log_offset log_follower::next_of(events::partition_number partition) const {
  std::lock_guard lock(mutex_);
  return shown_.at(partition.value).next;
}

bool log_follower::caught_up() const {
  std::lock_guard lock(mutex_);
  return std::ranges::all_of(shown_, &shown_place::caught_up);
}

} // namespace reverie::actors::runtime
