#include "ops/operator/partition_verification.hpp"

#include "events/vault/field_sealing.hpp"

#include <algorithm>

namespace reverie::ops {

using events::outcome;
using gateway::document;

namespace {

constexpr std::chrono::seconds store_every{10};
constexpr std::chrono::minutes sweep_every{5};
constexpr std::uint64_t store_after = 20'000;   ///< records
constexpr std::size_t owners_stored = 1'000, marks_stored = 2'000; ///< the newest, the first

document text_of(const events::partition_watch::memory& memory) {
  auto owners = document::array(), marks = document::array();
  const auto skipped = memory.owners.size() - std::min(memory.owners.size(), owners_stored);
  for (auto at = memory.owners.begin() + static_cast<std::ptrdiff_t>(skipped); at != memory.owners.end(); ++at)
    owners.push_back({at->epoch.value, events::to_string(at->writer), at->node, at->position.offset.value, at->at.time_since_epoch().count()});
  for (const auto& [offset, verdict] : memory.marks) {
    if (marks.size() == marks_stored) break;
    marks.push_back({offset.value, static_cast<unsigned>(verdict)});
  }
  return {{"records", memory.at.records}, {"counted", memory.at.counted}, {"fenced", memory.at.fenced}, {"repeated", memory.at.repeated},
          {"gaps", memory.at.gaps}, {"owners", std::move(owners)}, {"marks", std::move(marks)}};
}

events::partition_watch::memory memory_of(const verified_place& place, events::partition_number partition) {
  events::partition_watch::memory memory;
  memory.pair = place.pair;
  memory.at.next = place.next;
  if (!place.more.is_object()) return memory;
  for (auto [name, into] : {std::pair{"records", &memory.at.records}, std::pair{"counted", &memory.at.counted}, std::pair{"fenced", &memory.at.fenced},
                            std::pair{"repeated", &memory.at.repeated}, std::pair{"gaps", &memory.at.gaps}})
    *into = place.more.value(name, std::uint64_t{0});
  for (const auto& each : place.more.value("owners", document::array())) {
    if (!each.is_array() || each.size() != 5) continue;
    const auto writer = events::parse_uuid(each[1].get<std::string>());
    memory.owners.push_back({{each[0].get<std::uint64_t>()}, {writer.value_or(events::uuid{})}, each[2].get<std::string>(), {partition, {each[3].get<std::uint64_t>()}},
                             events::timestamp{events::timestamp::duration{each[4].get<std::int64_t>()}}});
  }
  for (const auto& each : place.more.value("marks", document::array()))
    if (each.is_array() && each.size() == 2)
      memory.marks.emplace_back(events::log_offset{each[0].get<std::uint64_t>()}, static_cast<events::record_verdict>(each[1].get<unsigned>()));
  return memory;
}

} // namespace

partition_verification::partition_verification(events::event_log& log, events::key_ring& keys, events::partition_number partition, std::size_t kept_in_mind)
    : log_(log), keys_(keys), partition_(partition), watch_(std::make_unique<events::partition_watch>(log, partition, kept_in_mind, kept_in_mind)),
      states_(std::make_unique<verified_states>(verified_states::sources{.own = {}, .stored = {}, .keys = &keys, .partition = partition})),
      decoder_(std::make_unique<events::record_decoder>(events::open_with(keys))) {}

outcome<void> partition_verification::begin(std::shared_ptr<events::state_store> own, std::shared_ptr<events::state_store> stored) {
  auto states = std::make_unique<verified_states>(verified_states::sources{.own = own, .stored = std::move(stored), .keys = &keys_, .partition = partition_});
  if (auto read = states->open(); !read) return read;
  const auto range = log_.range(partition_);
  if (!range) return std::unexpected(range.error());
  if (states->place().next > range->end) return events::fail(events::failure_code::malformed, "what was verified is of another log");
  states_ = std::move(states);
  if (states_->place().next.value > 0)
    watch_->go_on(memory_of(states_->place(), partition_), [this](const events::entity_ref& entity) { return states_->tip_of(entity); });
  const std::scoped_lock lock(mutex_);
  const auto& place = states_->place();
  figures_ = {place.next, watch_->now().records, place.differences, place.entities, place.compared};
  return {};
}

void partition_verification::see(const events::stored_record& record, events::record_verdict verdict) {
  states_->on_verdict(record, verdict);
  if (verdict != events::record_verdict::counts) return;
  if (auto decoded = decoder_->decode(record); !decoded) {
    states_->on_difference({record.position, record.content.headers.entity, record.content.headers.first_sequence, decoded.error().message});
    return;
  }
  events::recorded_event one;
  for (std::size_t i = 0; i < decoder_->events().size(); ++i) {
    one.context = events::context_of(record, i);
    one.payload = std::move(decoder_->events()[i]);
    states_->on_event(one, decoder_->redacted());
  }
}

outcome<std::size_t> partition_verification::step(std::size_t records_max, events::timestamp now) {
  const auto looked = watch_->step(records_max, [this](const events::stored_record& record, events::record_verdict verdict) { see(record, verdict); });
  for (const auto& each : watch_->take_differences()) states_->on_difference(each);
  const bool at_end = looked && *looked == 0;
  if (states_->uncommitted() >= store_after || (states_->uncommitted() > 0 && now - stored_at_ >= store_every)) {
    store();
    stored_at_ = now;
  }
  if (at_end && now - swept_at_ >= sweep_every) {
    swept_at_ = now;
    if (auto swept = states_->sweep(false); !swept) return std::unexpected(swept.error());
  }
  const auto& place = states_->place();
  const auto watched = watch_->now();
  const std::scoped_lock lock(mutex_);
  figures_ = {watched.next, watched.records, place.differences, place.entities, place.compared};
  return looked;
}

/// What can't be stored is verified again after the next start: nothing is lost by it.
void partition_verification::store() {
  states_->store_with_it(text_of(watch_->remembered()));
  (void)states_->commit(watch_->now().next);
}

void partition_verification::end() {
  if (states_->uncommitted() > 0) store();
  states_ = std::make_unique<verified_states>(verified_states::sources{.own = {}, .stored = {}, .keys = &keys_, .partition = partition_});
}

partition_verification::figures partition_verification::now() const {
  const std::scoped_lock lock(mutex_);
  return figures_;
}

std::vector<verification_finding> partition_verification::take_findings() { return states_->take_findings(); }

} // namespace reverie::ops
