#include "tests/simulation/log_truth.hpp"

#include "events/codec/event_codec.hpp"
#include "events/vault/field_sealing.hpp"

namespace reverie::simulation {

using actors::runtime::entity_core;
using events::record_verdict;

log_truth::log_truth(std::shared_ptr<events::memory_log> log, std::shared_ptr<events::memory_wrapped_key_store> vault)
    : log_(std::move(log)), keys_(std::make_shared<events::memory_key_ring>(std::move(vault))), checkers_(log_->partitions()),
      verdicts_(log_->partitions()), counted_(log_->partitions()), places_(log_->partitions()), owners_(log_->partitions()) {}

std::vector<std::string> log_truth::read_on() {
  std::vector<std::string> wrong;
  for (std::uint32_t i = 0; i < partitions(); ++i) {
    std::vector<events::stored_record> fresh;
    auto reader = log_->reader({i}, {verdicts_[i].size()});
    while (reader && *(*reader)->read(fresh, 1000, std::chrono::milliseconds{0}) > 0) {}
    for (auto& each : fresh) take({i}, std::move(each), wrong);
  }
  return wrong;
}

void log_truth::take(events::partition_number partition, events::stored_record stored, std::vector<std::string>& wrong) {
  auto found = checkers_[partition.value].check(stored, true);
  verdicts_[partition.value].push_back(found.verdict);
  if (found.difference) wrong.push_back(events::to_string(*found.difference));
  if (found.verdict != record_verdict::counts) return;
  const auto& headers = stored.content.headers;
  counted_record made{stored, {}};
  auto decoded = events::decode_events(stored.content.value, events::open_with(*keys_));
  if (!decoded) wrong.push_back(events::to_string(stored.position) + " can't be read: " + decoded.error().message);
  else made.happened = actors::runtime::with_contexts(stored, std::move(decoded->events));
  if (!headers.command.is_nil()) commands_[{stored.content.slice_key, headers.command}].push_back(stored.position);
  for (const auto& each : made.happened) {
    if (const auto* announced = std::get_if<events::partition::owner_announced>(&each.payload)) {
      writers_[{announced->writer}] = announced->node;
      owners_[partition.value].emplace_back(stored.position.offset, announced->node);
    } else if (const auto* mapped = std::get_if<events::partition::slices_mapped>(&each.payload)) {
      if (auto map = events::slice_map::from_event(*mapped, partitions())) slices_ = *map;
      else wrong.push_back("the slice map can't be read: " + map.error().message);
    }
  }
  auto& into = entities_[headers.entity];
  into.address = stored.content.address();
  fold(into, made);
  into.records.push_back(stored);
  places_[partition.value][stored.position.offset.value] = counted_[partition.value].size();
  counted_[partition.value].push_back(std::move(made));
}

void log_truth::fold(folded_entity& into, const counted_record& record) {
  if (into.address.entity.kind == events::entity_kind::partition || record.happened.empty()) return;
  if (!into.now) into.now = std::make_unique<entity_core>(into.address);
  const auto asked = into.now->apply(record.stored, record.happened);
  for (const auto& begun : asked.begun)
    if (std::holds_alternative<actors::generate_reply>(begun.what)) open_replies_[begun.id] = into.address.entity;
  for (auto id : asked.settled) open_replies_.erase(id);
}

record_verdict log_truth::verdict(events::log_position at) const {
  const auto& all = verdicts_[at.partition.value];
  return at.offset.value < all.size() ? all[at.offset.value] : record_verdict::gap;
}

const log_truth::counted_record* log_truth::counted_at(events::log_position at) const {
  if (at.partition.value >= places_.size()) return nullptr;
  const auto& places = places_[at.partition.value];
  const auto found = places.find(at.offset.value);
  return found == places.end() ? nullptr : &counted_[at.partition.value][found->second];
}

const std::vector<events::log_position>& log_truth::of_command(const events::uuid& slice_key, events::command_id id) const {
  static const std::vector<events::log_position> none;
  const auto found = commands_.find({slice_key, id});
  return found == commands_.end() ? none : found->second;
}

bool log_truth::owned(events::partition_number partition, const std::string& process, events::log_offset from) const {
  const auto& all = owners_[partition.value];
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool ended_before = i + 1 < all.size() && all[i + 1].first < from;
    if (all[i].second == process && !ended_before) return true;
  }
  return false;
}

std::string log_truth::process_of(events::writer_id writer) const {
  const auto found = writers_.find(writer);
  return found == writers_.end() ? "nobody" : found->second;
}

events::epoch_rule::counters log_truth::counters() const {
  events::epoch_rule::counters all;
  for (const auto& each : checkers_) {
    const auto& one = each.rule().counted();
    all.counted += one.counted;
    all.fenced += one.fenced;
    all.repeated += one.repeated;
    all.gaps += one.gaps;
  }
  return all;
}

std::unique_ptr<entity_core> log_truth::folded_to(const events::entity_ref& entity, events::sequence_number sequence) const {
  const auto found = entities_.find(entity);
  if (found == entities_.end()) return nullptr;
  auto core = std::make_unique<entity_core>(found->second.address);
  for (const auto& each : found->second.records) {
    if (each.content.last_sequence() > sequence) break;
    const auto* counted = counted_at(each.position);
    if (counted != nullptr) core->apply(each, counted->happened);
  }
  return core->last_sequence() == sequence ? std::move(core) : nullptr;
}

} // namespace reverie::simulation
