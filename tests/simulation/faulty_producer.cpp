#include "tests/simulation/faulty_producer.hpp"

#include <utility>

namespace reverie::simulation {

using events::failure_code;

faulty_producer::faulty_producer(std::shared_ptr<events::memory_log> log, std::shared_ptr<chance> draw, std::shared_ptr<trace> said,
                                 std::string who, planted_bug bug)
    : log_(std::move(log)), draw_(std::move(draw)), said_(std::move(said)), who_(std::move(who)) {
  if (bug == planted_bug::skip_epoch_check || bug == planted_bug::forget_sequence_check) view_ = std::make_shared<gullible_view>(log_, bug);
}

faulty_producer::fate faulty_producer::draw_fate(bool behind) {
  const std::pair<double, fate> fates[] = {
      {weather.delay_acknowledgement, fate::delay_acknowledgement}, {weather.delay_record, fate::delay_record},
      {weather.duplicate, fate::duplicate},                         {weather.lose_acknowledgement, fate::lose_acknowledgement},
      {weather.lose_record, fate::lose_record},                     {weather.refuse, fate::refuse}};
  for (const auto& [probability, what] : fates)
    if (draw_->happens(probability)) return behind && what != fate::lose_record && what != fate::refuse ? fate::delay_record : what;
  return behind ? fate::delay_record : fate::plain;
}

events::log_offset faulty_producer::store(events::partition_number partition, const events::record& content, std::string_view how) {
  const auto offset = log_->write_raw(partition, content);
  said_->say(who_, "stored " + events::to_string(events::log_position{partition, offset}) + " " + in_short(content) + std::string(how));
  return offset;
}

void faulty_producer::report(events::partition_number partition, const events::record& content, const append_done& done,
                             events::log_offset offset) {
  if (!done || crashed_) return;
  if (on_report) on_report(content, {partition, offset});
  done(offset);
}

void faulty_producer::append(events::partition_number partition, events::record content, append_done done) {
  if (crashed_) return;
  auto& queue = queues_[partition];
  const auto unknown = [] { return events::fail(failure_code::outcome_unknown, "the acknowledgement was lost"); };
  switch (draw_fate(!queue.empty())) {
  case fate::delay_record:
    said_->say(who_, "on its way to " + std::to_string(partition.value) + ": " + in_short(content));
    queue.push_back({std::move(content), std::move(done), std::nullopt});
    return;
  case fate::delay_acknowledgement: {
    const auto offset = store(partition, content, ", report delayed");
    queue.push_back({std::move(content), std::move(done), offset});
    return;
  }
  case fate::lose_acknowledgement: store(partition, content, ", report lost"); return done(unknown());
  case fate::lose_record: said_->say(who_, "lost " + in_short(content)); return done(unknown());
  case fate::refuse: said_->say(who_, "no space for " + in_short(content)); return done(events::fail(failure_code::no_space, "the disk is full"));
  case fate::duplicate: {
    const auto offset = store(partition, content, "");
    if (draw_->happens(0.5)) late_.push_back({partition, content});
    else store(partition, content, ", a second time");
    return report(partition, content, done, offset);
  }
  case fate::plain: break;
  }
  const auto offset = store(partition, content, "");
  report(partition, content, done, offset);
}

events::outcome<std::unique_ptr<events::log_reader>> faulty_producer::reader(events::partition_number partition, events::log_offset from) {
  if (view_) return std::make_unique<gullible_reader>(view_, partition, from);
  return log_->reader(partition, from);
}

events::outcome<void> faulty_producer::reset_writer(events::partition_number partition) {
  if (crashed_) return {};
  said_->say(who_, "makes its writer of " + std::to_string(partition.value) + " anew");
  auto forgotten = std::exchange(queues_[partition], {});
  for (auto& each : forgotten) {
    // Purged before it left, or on the wire already: then it comes when it comes.
    if (!each.stored && draw_->happens(0.7)) late_.push_back({partition, each.content});
    each.done(events::fail(failure_code::outcome_unknown, "the writer was reset"));
  }
  return {};
}

void faulty_producer::deliver_head(events::partition_number partition) {
  auto& queue = queues_[partition];
  auto first = std::move(queue.front());
  queue.pop_front();
  if (!first.stored) first.stored = store(partition, first.content, ", late");
  report(partition, first.content, first.done, *first.stored);
}

bool faulty_producer::deliver_one() {
  std::vector<events::partition_number> busy;
  for (const auto& [partition, queue] : queues_)
    if (!queue.empty()) busy.push_back(partition);
  const auto choices = busy.size() + (late_.empty() ? 0 : 1);
  if (choices == 0) return false;
  const auto chosen = draw_->below(choices);
  if (chosen < busy.size()) {
    deliver_head(busy[chosen]);
  } else {
    auto late = std::move(late_.front());
    late_.pop_front();
    store(late.partition, late.content, ", by a writer that is gone");
  }
  return true;
}

void faulty_producer::deliver_all() {
  while (deliver_one()) {}
}

void faulty_producer::crash() {
  crashed_ = true;
  for (auto& [partition, queue] : queues_)
    for (auto& each : queue)
      if (!each.stored && draw_->happens(0.5)) late_.push_back({partition, std::move(each.content)});
  queues_.clear();
}

bool faulty_producer::anything_waits() const {
  if (!late_.empty()) return true;
  for (const auto& [partition, queue] : queues_)
    if (!queue.empty()) return true;
  return false;
}

} // namespace reverie::simulation
