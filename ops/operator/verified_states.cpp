#include "ops/operator/verified_states.hpp"

#include "actors/runtime/sealing.hpp"
#include "events/log/state_hash.hpp"
#include "ops/operator/state_diff.hpp"

#include <algorithm>
#include <utility>

namespace reverie::ops {

using actors::runtime::key_access;
using events::entity_kind;
using events::outcome;
using gateway::document;

namespace {

constexpr std::size_t live_kept = 20'000;    ///< entities in memory; beyond it all are stored and met again
constexpr std::uint64_t records_per_commit = 20'000;
constexpr std::size_t findings_kept = 100;   ///< with a place, of one partition
constexpr std::size_t changes_kept = 50;     ///< of one state

/// What stands in the partition's own entry.
document text_of(const verified_place& place) {
  auto findings = document::array();
  for (const auto& each : place.findings)
    findings.push_back({{"kind", each.kind}, {"entity", events::to_string(each.difference.entity)}, {"sequence", each.difference.sequence.value},
                        {"position", events::to_string(each.difference.position)}, {"what", each.difference.what}});
  return {{"records", place.records}, {"events", place.events}, {"entities", place.entities}, {"fenced", place.fenced}, {"repeated", place.repeated},
          {"gaps", place.gaps}, {"redacted", place.redacted}, {"differences", place.differences}, {"compared", place.compared}, {"findings", std::move(findings)}, {"more", place.more}};
}

void read_into(verified_place& place, const document& text) {
  for (auto [name, into] : {std::pair{"records", &place.records}, std::pair{"events", &place.events}, std::pair{"entities", &place.entities},
                            std::pair{"fenced", &place.fenced}, std::pair{"repeated", &place.repeated}, std::pair{"gaps", &place.gaps},
                            std::pair{"redacted", &place.redacted}, std::pair{"differences", &place.differences}, std::pair{"compared", &place.compared}})
    *into = text.value(name, std::uint64_t{0});
  place.more = text.value("more", document(nullptr));
  for (const auto& each : text.value("findings", document::array())) {
    verification_finding found;
    found.kind = each.value("kind", "");
    found.difference = {events::parse_position(each.value("position", "")).value_or(events::log_position{}),
                        events::parse_entity(each.value("entity", "")).value_or(events::entity_ref{}), {each.value("sequence", std::uint64_t{0})}, each.value("what", "")};
    place.findings.push_back(std::move(found));
  }
}

events::entity_address place_address(events::partition_number partition) {
  const auto entity = events::partition_entity(partition);
  return {entity, entity.id};
}

} // namespace

outcome<void> verified_states::open() {
  if (!from_.own) return {};
  const auto applied = from_.own->applied();
  if (!applied) return std::unexpected(applied.error());
  place_.next = applied->next;
  place_.pair = applied->pair;
  if (place_.next.value == 0) return {};
  const auto blob = from_.own->load(place_address(from_.partition));
  if (!blob) return std::unexpected(blob.error());
  if (!*blob) return events::fail(events::failure_code::corrupted, "the stored verification has no account");
  read_into(place_, document::parse((*blob)->bytes, nullptr, false));
  return {};
}

outcome<events::epoch_rule> verified_states::rule() const {
  events::epoch_rule::next_sequences next;
  if (from_.own) {
    auto walked = from_.own->for_each_tip([&](const events::entity_ref& entity, events::sequence_number sequence, const events::chain_hash&) {
      next[entity] = sequence;
      return true;
    });
    if (!walked) return std::unexpected(walked.error());
  }
  return events::epoch_rule(place_.pair, std::move(next));
}

outcome<std::unordered_map<events::entity_ref, events::chain_hash>> verified_states::links() const {
  std::unordered_map<events::entity_ref, events::chain_hash> links;
  if (from_.own) {
    auto walked = from_.own->for_each_tip([&](const events::entity_ref& entity, events::sequence_number, const events::chain_hash& hash) {
      links[entity] = hash;
      return true;
    });
    if (!walked) return std::unexpected(walked.error());
  }
  return links;
}

std::optional<std::pair<events::sequence_number, events::chain_hash>> verified_states::tip_of(const events::entity_ref& entity) {
  if (const auto found = live_.find(entity); found != live_.end() && found->second.sequence.value > 0) return std::pair{found->second.sequence.next(), found->second.hash};
  if (!from_.own) return std::nullopt;
  const auto stored = from_.own->tip_of(entity);
  return stored ? *stored : std::nullopt;
}

std::unique_ptr<actors::entity_logic> verified_states::restored(const events::entity_blob& blob) const {
  const auto person = actors::runtime::owner_of_state(blob.bytes);
  if (!person) return nullptr;
  events::shared_key key;
  if (!person->is_nil()) {
    if (from_.keys == nullptr) return nullptr;
    auto found = actors::runtime::key_of(*from_.keys, *person, key_access::may_block);
    if (!found) return nullptr;
    key = *found;
  }
  const auto state = actors::runtime::open_state(key.get(), blob.address.entity, blob.bytes);
  auto logic = actors::make_entity_logic(blob.address.entity.kind);
  if (!state || blob.schema_version != logic->schema_version() || !logic->restore(*state)) return nullptr;
  return logic;
}

verified_states::live& verified_states::meet(const events::entity_address& address) {
  auto [at, fresh] = live_.try_emplace(address.entity);
  auto& one = at->second;
  if (!fresh) return one;
  one.address = address;
  if (from_.stored && address.entity.kind != entity_kind::partition)
    if (auto claim = from_.stored->load(address); claim && *claim) one.claim = std::move(**claim);
  std::optional<std::pair<events::sequence_number, events::chain_hash>> tip;
  if (from_.own)
    if (auto stored = from_.own->tip_of(address.entity); stored) tip = *stored;
  one.fresh = !tip;
  if (address.entity.kind == entity_kind::partition) return one;
  if (!tip) {
    one.logic = actors::make_entity_logic(address.entity.kind);
  } else if (auto blob = from_.own->load(address); blob && *blob && (*blob)->last_sequence.next() == tip->first) {
    one.logic = restored(**blob);
  }
  return one;
}

void verified_states::on_event(events::recorded_event& each, bool redacted) {
  auto& one = meet(each.context.entity);
  ++place_.events;
  place_.redacted += redacted ? 1 : 0;
  if (redacted) one.logic.reset(); // erased: what its state was made of can't be read any more
  if (!one.logic) return;
  one.logic->evolve(each.payload, each.context);
  compare(one, each.context);
}

void verified_states::compare(live& one, const events::event_context& at) {
  if (!one.claim || one.claim->last_sequence != at.sequence || one.claim->schema_version != one.logic->schema_version()) return;
  ++place_.compared;
  if (events::hash_of_state(one.logic->state_bytes()) != one.claim->state_hash)
    differs({at.position, at.entity.entity, at.sequence, "the stored state is not what the log folds to"}, *one.claim, *one.logic);
}

void verified_states::differs(events::log_difference difference, const events::entity_blob& blob, const actors::entity_logic& folded) {
  verification_finding found{std::move(difference), "state"};
  if (const auto stored = restored(blob)) {
    const auto readable = [](const actors::entity_logic& logic) { return gateway::readable_state(document::parse(logic.state_json(), nullptr, false)); };
    found.changes = state_diff(readable(*stored), readable(folded));
    while (found.changes.size() > changes_kept) found.changes.erase(found.changes.size() - 1);
  } else {
    found.difference.what += " (the stored one can't be opened)";
  }
  note(std::move(found));
}

void verified_states::note(verification_finding finding) {
  const auto same = [&](const verification_finding& each) {
    return each.kind == finding.kind && each.difference.entity == finding.difference.entity && each.difference.sequence == finding.difference.sequence;
  };
  if (finding.kind == "state" && std::ranges::any_of(place_.findings, same)) return;
  ++place_.differences;
  if (place_.findings.size() < findings_kept) place_.findings.push_back(finding);
  if (fresh_.size() < findings_kept) fresh_.push_back(std::move(finding));
}

void verified_states::on_verdict(const events::stored_record& record, events::record_verdict verdict) {
  ++uncommitted_;
  switch (verdict) {
  case events::record_verdict::fenced: ++place_.fenced; return;
  case events::record_verdict::repeated: ++place_.repeated; return;
  case events::record_verdict::gap: ++place_.gaps; return;
  case events::record_verdict::counts: break;
  }
  const auto& headers = record.content.headers;
  auto& one = meet(record.content.address());
  if (one.fresh) ++place_.entities;
  if (one.fresh && headers.first_sequence.value > 1) one.logic.reset(); // its past was not seen: it can't be folded
  one.fresh = false;
  one.sequence = record.content.last_sequence();
  one.hash = headers.hash;
  one.changed = true;
  place_.pair = {headers.epoch, headers.writer};
  ++place_.records;
}

outcome<void> verified_states::on_batch(events::log_offset next) {
  if (uncommitted_ < records_per_commit) return {};
  return commit(next);
}

void verified_states::on_difference(const events::log_difference& difference) { note({difference, "chain"}); }

std::optional<events::entity_blob> verified_states::blob_of(const live& one) const {
  if (!one.logic) return std::nullopt;
  const auto person = actors::sealed_for(one.address, *one.logic, nullptr);
  events::shared_key key;
  if (!person.is_nil()) {
    if (from_.keys == nullptr) return std::nullopt;
    auto found = actors::runtime::key_of(*from_.keys, person, key_access::may_block);
    if (!found) return std::nullopt;
    key = *found;
  }
  const auto state = one.logic->state_bytes();
  events::entity_blob blob{one.address, one.sequence, one.hash, one.logic->schema_version(), events::hash_of_state(state), {}};
  blob.bytes = actors::runtime::close_state(person, key.get(), one.address.entity, state);
  return blob;
}

outcome<void> verified_states::commit(events::log_offset next) {
  place_.next = next;
  if (from_.own) {
    events::state_batch batch;
    for (auto& [entity, one] : live_) {
      if (!one.changed) continue;
      batch.tips.emplace_back(entity, std::pair{one.sequence.next(), one.hash});
      if (auto blob = blob_of(one)) batch.blobs.push_back(std::move(*blob));
    }
    events::entity_blob account{place_address(from_.partition), {next.value}, {}, 1, {}, text_of(place_).dump(-1, ' ', false, document::error_handler_t::replace)};
    batch.blobs.push_back(std::move(account));
    batch.applied = events::applied_position{next, place_.pair};
    if (auto written = from_.own->write(std::move(batch)); !written) return written;
    for (auto& [entity, one] : live_) one.changed = false;
    if (live_.size() > live_kept) live_.clear();
    else
      for (auto& [entity, one] : live_) { // what the server stored may have moved on since
        one.claim.reset();
        if (!from_.stored || entity.kind == entity_kind::partition) continue;
        if (auto claim = from_.stored->load(one.address); claim && *claim && (*claim)->last_sequence > one.sequence) one.claim = std::move(**claim);
      }
  }
  uncommitted_ = 0;
  if (!from_.own && live_.size() > live_kept * 10) live_.clear();
  return {};
}

outcome<void> verified_states::sweep(bool at_rest) {
  if (!from_.stored) return {};
  return from_.stored->for_each_blob([&](const events::entity_blob& blob) {
    const auto& entity = blob.address.entity;
    if (entity.kind == entity_kind::partition || blob.last_sequence.value == 0) return true;
    const auto tip = tip_of(entity);
    if (!tip || blob.last_sequence >= tip->first) {
      if (at_rest) note({{{from_.partition, {}}, entity, blob.last_sequence, "the stored state is ahead of the log"}, "state"});
      return true;
    }
    if (blob.last_sequence.next() != tip->first) return true;
    auto& one = meet(blob.address);
    if (!one.logic || blob.schema_version != one.logic->schema_version()) return true;
    ++place_.compared;
    if (events::hash_of_state(one.logic->state_bytes()) != blob.state_hash)
      differs({{from_.partition, {}}, entity, blob.last_sequence, "the stored state is not what the log folds to"}, blob, *one.logic);
    return true;
  });
}

std::vector<verification_finding> verified_states::take_findings() { return std::exchange(fresh_, {}); }

} // namespace reverie::ops
