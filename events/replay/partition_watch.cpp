#include "events/replay/partition_watch.hpp"

#include "events/codec/event_codec.hpp"
#include "events/vault/field_sealing.hpp"

#include <algorithm>

namespace reverie::events {

namespace {
constexpr std::size_t owners_max = 10'000;
constexpr std::size_t differences_max = 1'000;
constexpr std::string_view announcement = partition::owner_announced::name;

std::optional<partition::owner_announced> announced_in(const record& content) {
  if (content.headers.entity.kind != entity_kind::partition || content.headers.types.empty() || content.headers.types.front().name != announcement)
    return std::nullopt;
  auto decoded = decode_events(content.value, open_nothing());
  if (!decoded || decoded->events.empty()) return std::nullopt;
  const auto* found = std::get_if<partition::owner_announced>(&decoded->events.front());
  return found == nullptr ? std::nullopt : std::optional(*found);
}
} // namespace

outcome<std::size_t> partition_watch::step(std::size_t records_max, const seeing& seen) {
  const auto from = now().next;
  if (!reader_) {
    auto range = log_.range(partition_);
    if (!range) return std::unexpected(range.error());
    auto opened = log_.reader(partition_, std::max(from, range->first));
    if (!opened) return std::unexpected(opened.error());
    reader_ = std::move(*opened);
  }
  batch_.clear();
  auto read = reader_->read(batch_, records_max, std::chrono::milliseconds(0));
  for (const auto& each : batch_) {
    const auto verdict = look(each);
    if (seen) seen(each, verdict);
  }
  if (read || !batch_.empty()) return batch_.size();
  reader_.reset();
  if (read.error().code != failure_code::corrupted) return std::unexpected(read.error());
  const std::scoped_lock lock(mutex_);
  if (differences_.size() < differences_max) differences_.push_back({{partition_, now_.next}, partition_entity(partition_), {}, "the record is damaged: its checksum does not match"});
  ++now_.differences;
  now_.next = now_.next.next();
  return 1;
}

const partition_watch::tip* partition_watch::find(const entity_ref& entity) {
  if (auto found = recent_.find(entity); found != recent_.end()) return &found->second;
  if (auto found = older_.find(entity); found != older_.end()) return &found->second;
  if (!before_) return nullptr;
  const auto known = before_(entity);
  if (!known) return nullptr;
  remember(entity, {known->first, known->second});
  return &recent_.find(entity)->second;
}

void partition_watch::remember(const entity_ref& entity, tip of) {
  if (recent_.size() >= entities_max_ / 2 && !recent_.contains(entity)) {
    older_ = std::move(recent_);
    recent_ = {};
  }
  recent_[entity] = of;
}

/// The epoch rule, for an entity that was not seen lately taken as it comes.
record_verdict partition_watch::judge(const record& content) {
  epoch_rule::next_sequences next;
  const auto* known = find(content.headers.entity);
  next[content.headers.entity] = known != nullptr ? known->next : content.headers.first_sequence;
  epoch_rule rule(pair_, std::move(next));
  const auto verdict = rule.admit(content);
  pair_ = rule.pair();
  return verdict;
}

void partition_watch::differ(const stored_record& stored, std::string what) {
  ++now_.differences;
  if (differences_.size() < differences_max)
    differences_.push_back({stored.position, stored.content.headers.entity, stored.content.headers.first_sequence, std::move(what)});
}

record_verdict partition_watch::look(const stored_record& stored) {
  const auto& content = stored.content;
  const auto verdict = judge(content);
  const bool whole = hash_of(content) == content.headers.hash;
  const auto* known = find(content.headers.entity);
  const bool linked = known == nullptr || content.headers.previous_hash == known->hash;
  const std::scoped_lock lock(mutex_);
  now_.next = stored.position.offset.next();
  ++now_.records;
  if (verdict != record_verdict::counts) {
    if (verdict == record_verdict::fenced) ++now_.fenced;
    if (verdict == record_verdict::repeated) ++now_.repeated;
    if (verdict == record_verdict::gap) ++now_.gaps;
    if (verdict == record_verdict::gap) differ(stored, "a gap: the entity's next sequence is " + std::to_string(known->next.value));
    if (marks_.size() < marks_max_) marks_[stored.position.offset] = verdict;
    return verdict;
  }
  ++now_.counted;
  if (!whole) differ(stored, "the hash is not that of the content");
  else if (!linked) differ(stored, "the link is not the hash of the record before");
  remember(content.headers.entity, {content.last_sequence().next(), content.headers.hash});
  if (auto announced = announced_in(content)) {
    if (owners_.size() == owners_max) owners_.erase(owners_.begin());
    owners_.push_back({content.headers.epoch, content.headers.writer, announced->node, stored.position, content.headers.at});
  }
  return verdict;
}

partition_watch::memory partition_watch::remembered() const {
  const std::scoped_lock lock(mutex_);
  return {now_, pair_, owners_, {marks_.begin(), marks_.end()}};
}

void partition_watch::go_on(memory from, finding_tips find_tip) {
  const std::scoped_lock lock(mutex_);
  now_ = from.at;
  pair_ = from.pair;
  owners_ = std::move(from.owners);
  marks_ = {from.marks.begin(), from.marks.end()};
  before_ = std::move(find_tip);
}

partition_watch::standing partition_watch::now() const {
  const std::scoped_lock lock(mutex_);
  return now_;
}

std::optional<record_verdict> partition_watch::verdict_of(log_offset offset) const {
  const std::scoped_lock lock(mutex_);
  if (!(offset < now_.next)) return std::nullopt;
  if (auto found = marks_.find(offset); found != marks_.end()) return found->second;
  if (marks_.size() >= marks_max_ && offset > marks_.rbegin()->first) return std::nullopt;
  return record_verdict::counts;
}

std::vector<partition_owner> partition_watch::owners() const {
  const std::scoped_lock lock(mutex_);
  return owners_;
}

std::vector<log_difference> partition_watch::take_differences() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(differences_, {});
}

} // namespace reverie::events
