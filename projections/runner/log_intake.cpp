#include "projections/runner/log_intake.hpp"

#include "events/codec/event_codec.hpp"
#include "events/model/limits.hpp"
#include "events/vault/field_sealing.hpp"
#include "projections/runner/event_rules.hpp"

#include <algorithm>
#include <unordered_set>

namespace reverie::projections {
namespace {

namespace limits = events::limits;
using events::failure_code;

constexpr std::chrono::milliseconds derive_wait{200};
constexpr int empty_reads_max = 50;
constexpr std::chrono::milliseconds single_read_wait{1'000};
constexpr int single_read_tries = 10;

/// The events of a decoded record, with their places.
std::vector<events::recorded_event> placed(const events::stored_record& stored, events::decoded_events decoded) {
  const auto& headers = stored.content.headers;
  std::vector<events::recorded_event> happened;
  happened.reserve(decoded.events.size());
  auto sequence = headers.first_sequence;
  for (auto& each : decoded.events) {
    happened.push_back({{stored.content.address(), stored.position, sequence, headers.at, headers.command, headers.correlation}, std::move(each)});
    sequence = sequence.next();
  }
  return happened;
}

/// Puts the events of a decoded record in.
void take_events(intake_record& into, const events::stored_record& stored, events::decoded_events decoded) {
  into.redacted = decoded.redacted;
  into.happened = placed(stored, std::move(decoded));
}

/// What the record is under the rules that touch it; fails only with what passes by itself.
outcome<std::vector<amended_events>> amended_by(const event_rules* rules, const events::stored_record& stored, events::key_ring& keys) {
  std::vector<amended_events> all;
  if (rules == nullptr || !rules->touch(stored.content.headers)) return all;
  for (auto& [projection, value] : rules->amend(stored, keys)) {
    outcome<events::decoded_events> decoded = value ? events::decode_events(*value, events::open_with(keys)) : std::unexpected(value.error());
    if (!decoded && is_passing(decoded.error().code)) return std::unexpected(decoded.error());
    amended_events one{projection, {}, {}};
    if (decoded) one.happened = placed(stored, std::move(*decoded));
    else one.unreadable = std::move(decoded.error());
    all.push_back(std::move(one));
  }
  return all;
}

} // namespace

bool is_passing(failure_code code) {
  return code == failure_code::key_unavailable || code == failure_code::unavailable || code == failure_code::timed_out ||
         code == failure_code::overloaded || code == failure_code::cancelled || code == failure_code::stopping;
}

const std::vector<events::recorded_event>& intake_record::happened_for(std::string_view projection) const {
  const auto found = std::ranges::find(amended, projection, &amended_events::projection);
  return found == amended.end() ? happened : found->happened;
}

const std::optional<events::failure>& intake_record::unreadable_for(std::string_view projection) const {
  const auto found = std::ranges::find(amended, projection, &amended_events::projection);
  return found == amended.end() ? unreadable : found->unreadable;
}

void intake_record::become_that_of(std::string_view projection) {
  const auto found = std::ranges::find(amended, projection, &amended_events::projection);
  if (found == amended.end()) return;
  happened = std::move(found->happened);
  unreadable = std::move(found->unreadable);
  amended.clear();
}

outcome<void> log_intake::start(events::log_offset next, std::optional<events::epoch_rule> known) {
  raw_.clear();
  raw_at_ = 0;
  rule_is_complete_ = !known.has_value();
  if (known) {
    rule_ = std::move(*known);
  } else if (auto derived = derive(next); !derived) {
    return derived;
  }
  auto reader = log_.reader(partition_, next);
  if (!reader) return std::unexpected(reader.error());
  const std::scoped_lock lock(mutex_);
  reader_ = std::move(*reader);
  return {};
}

outcome<void> log_intake::derive(events::log_offset next) {
  rule_ = {};
  const auto range = log_.range(partition_);
  if (!range) return std::unexpected(range.error());
  if (next <= range->first) return {};
  auto reader = log_.reader(partition_, range->first);
  if (!reader) return std::unexpected(reader.error());
  std::vector<events::stored_record> records;
  const auto end = std::min(next, range->end);
  int empty_reads = 0;
  for (auto at = range->first; at < end;) {
    records.clear();
    const auto got = (*reader)->read(records, limits::read_batch_records, derive_wait);
    if (!got) return std::unexpected(got.error());
    // A read that brings nothing does not say that the log ends there.
    if (records.empty() && ++empty_reads == empty_reads_max)
      return events::fail(failure_code::unavailable, "the log does not give its records");
    for (const auto& each : records) {
      if (each.position.offset >= end) return {};
      rule_.admit(each.content);
      at = each.position.offset.next();
      empty_reads = 0;
    }
  }
  return {};
}

outcome<void> log_intake::learn() {
  if (rule_is_complete_ || !source_) return {};
  std::unordered_set<events::entity_ref> unknown;
  for (const auto& each : raw_)
    if (!rule_.next().contains(each.content.headers.entity)) unknown.insert(each.content.headers.entity);
  if (unknown.empty()) return {};
  return source_({unknown.begin(), unknown.end()}, rule_);
}

outcome<void> log_intake::fetch(std::chrono::milliseconds wait) {
  if (raw_at_ < raw_.size()) return {};
  raw_.clear();
  raw_at_ = 0;
  if (const auto got = reader_->read(raw_, limits::read_batch_records, wait); !got) return std::unexpected(got.error());
  if (auto learnt = learn(); !learnt) {
    // Nothing was judged yet: the same records are read again.
    const auto back = raw_.empty() ? events::log_offset{} : raw_.front().position.offset;
    const bool any = !raw_.empty();
    raw_.clear();
    if (any) (void)reader_->seek(back);
    return learnt;
  }
  return {};
}

outcome<intake_record> log_intake::open(const events::stored_record& stored) {
  const auto& headers = stored.content.headers;
  intake_record fresh{stored.position.offset, {}, {}, headers.entity, headers.first_sequence, headers.at, {}, {}, {}, false};
  const auto next = rule_.next_of(headers.entity);
  auto decoded = events::decode_events(stored.content.value, events::open_with(keys_));
  if (!decoded && is_passing(decoded.error().code)) {
    // Only a record that will count is worth waiting for; the judgement itself waits, so that it is made once.
    if (headers.first_sequence >= next) return std::unexpected(decoded.error());
  }
  auto amended = amended_by(rules_.get(), stored, keys_);
  if (!amended && headers.first_sequence >= next) return std::unexpected(amended.error());
  fresh.verdict = rule_.admit(stored.content);
  fresh.pair = rule_.pair();
  if (fresh.verdict != events::record_verdict::counts) return fresh;
  fresh.next_sequence = stored.content.last_sequence().next();
  if (amended) fresh.amended = std::move(*amended);
  if (!decoded) {
    fresh.unreadable = std::move(decoded.error());
    return fresh;
  }
  take_events(fresh, stored, std::move(*decoded));
  return fresh;
}

outcome<void> log_intake::read(std::vector<intake_record>& out, std::size_t events_max, events::log_offset before,
                               std::chrono::milliseconds wait, intake_batch after_the_first) {
  std::size_t taken = 0;
  while (taken < events_max) {
    if (raw_at_ == raw_.size()) {
      const std::chrono::milliseconds more{after_the_first == intake_batch::what_is_here ? -1 : 0};
      if (auto got = fetch(out.empty() ? wait : more); !got) {
        if (out.empty()) return got;
        return {};
      }
      if (raw_.empty()) return {};
    }
    if (raw_[raw_at_].position.offset >= before) return {};
    auto opened = open(raw_[raw_at_]);
    if (!opened) {
      if (out.empty()) return std::unexpected(opened.error());
      return {};
    }
    ++raw_at_;
    taken += std::max<std::size_t>(opened->happened.size(), 1);
    out.push_back(std::move(*opened));
  }
  return {};
}

outcome<events::stored_record> read_stored(events::event_log& log, events::log_position at) {
  const auto range = log.range(at.partition);
  if (!range) return std::unexpected(range.error());
  if (at.offset >= range->end) return events::fail(failure_code::not_found, "there is no record at " + events::to_string(at));
  auto reader = log.reader(at.partition, at.offset);
  if (!reader) return std::unexpected(reader.error());
  std::vector<events::stored_record> records;
  // It is there: a log that gives nothing is slow, and that says nothing about the record.
  for (int tries = 0; records.empty() && tries < single_read_tries; ++tries)
    if (const auto got = (*reader)->read(records, 1, single_read_wait); !got) return std::unexpected(got.error());
  if (records.empty()) return events::fail(failure_code::unavailable, "the record at " + events::to_string(at) + " could not be read in time");
  if (records.front().position.offset != at.offset) return events::fail(failure_code::not_found, "there is no record at " + events::to_string(at));
  return std::move(records.front());
}

outcome<intake_record> read_record(events::event_log& log, events::key_ring& keys, events::log_position at, const event_rules* rules) {
  const auto stored = read_stored(log, at);
  if (!stored) return std::unexpected(stored.error());
  const auto& headers = stored->content.headers;
  intake_record found{at.offset, events::record_verdict::counts, {}, headers.entity, headers.first_sequence, headers.at, stored->content.last_sequence().next(), {}, {}, false};
  auto decoded = events::decode_events(stored->content.value, events::open_with(keys));
  if (!decoded && is_passing(decoded.error().code)) return std::unexpected(decoded.error());
  auto amended = amended_by(rules, *stored, keys);
  if (!amended) return std::unexpected(amended.error());
  found.amended = std::move(*amended);
  if (decoded) take_events(found, *stored, std::move(*decoded));
  else found.unreadable = std::move(decoded.error());
  return found;
}

void log_intake::wake() {
  std::shared_ptr<events::log_reader> reader;
  {
    const std::scoped_lock lock(mutex_);
    reader = reader_;
  }
  if (reader) reader->wake();
}

} // namespace reverie::projections
