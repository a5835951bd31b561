#include "ops/operator/folded_states.hpp"

#include <algorithm>

namespace reverie::ops {

using events::outcome;

namespace {

constexpr std::size_t point_bytes = 192; ///< of a point beside its state, roughly

std::string context_of(const events::entity_address& of) { return "folded/" + events::to_string(of.entity); }

bool is_within(const fold_until& until, events::sequence_number sequence, events::log_position position, events::timestamp latest) {
  if (until.sequence && sequence.value > *until.sequence) return false;
  if (until.time && latest > *until.time) return false;
  return !until.before_or_at || position.offset <= until.before_or_at->offset;
}

} // namespace

std::optional<folded_states::point> folded_states::find(const events::entity_ref& of, const fold_until& until) {
  const std::scoped_lock lock(guard_);
  const auto place = places_.find(of);
  if (place == places_.end()) return std::nullopt;
  entities_.splice(entities_.begin(), entities_, place->second);
  const auto& points = place->second->points;
  for (auto at = points.rbegin(); at != points.rend(); ++at)
    if (const auto& one = at->second; is_within(until, one.sequence, one.position, one.latest_at)) return one;
  return std::nullopt;
}

outcome<folded_entity> folded_states::opened(const events::entity_address& of, const point& one) {
  folded_entity folded{.logic = actors::make_entity_logic(of.entity.kind), .sequence = one.sequence, .position = one.position, .at = one.at,
                       .latest_at = one.latest_at, .last_sequence = one.sequence};
  std::string state = *one.sealed;
  if (!one.person.is_nil()) {
    const auto key = keys_.load(one.person);
    if (!key) return std::unexpected(key.error());
    auto plain = events::unseal_bytes(**key, context_of(of), state);
    if (!plain) return std::unexpected(plain.error());
    state = std::move(*plain);
  }
  if (auto restored = folded.logic->restore(state); !restored) return std::unexpected(restored.error());
  return folded;
}

std::optional<folded_entity> folded_states::nearest(const events::entity_address& of, const fold_until& until) {
  const auto one = find(of.entity, until);
  if (!one) return std::nullopt;
  auto folded = opened(of, *one);
  if (folded) return std::move(*folded);
  forget(of.entity); // the person is erased, or the key can't be had: the log says what there still is to read
  return std::nullopt;
}

std::uint64_t folded_states::due_after(const events::entity_address& of, events::sequence_number sequence) const {
  const std::scoped_lock lock(guard_);
  const auto place = places_.find(of.entity);
  if (place == places_.end()) return sequence.value + most_.every_events;
  const auto& kept = *place->second;
  auto last = sequence.value;
  auto every = kept.every;
  // What another fold keeps meanwhile need not be kept twice.
  for (auto at = kept.points.lower_bound(sequence.value); at != kept.points.end() && at->first <= last + every; ++at) {
    last = at->first;
    every = std::max<std::uint64_t>(kept.every, at->second.sealed->size() / most_.bytes_per_event);
  }
  return last + every;
}

std::uint64_t folded_states::keep(const events::entity_address& of, const folded_entity& folded, why reason) {
  auto bytes = folded.logic->state_bytes();
  const auto worth = folded.sequence.value + std::max<std::uint64_t>(most_.every_events, bytes.size() / most_.bytes_per_event);
  return put(of, folded, reason, std::move(bytes)) ? std::max(worth, due_after(of, folded.sequence)) : worth;
}

bool folded_states::put(const events::entity_address& of, const folded_entity& folded, why reason, std::string bytes) {
  point one{.reason = reason, .sequence = folded.sequence, .position = folded.position, .at = folded.at, .latest_at = folded.latest_at,
            .person = actors::sealed_for(of, *folded.logic, nullptr), .sealed = {}};
  const auto size = bytes.size() + point_bytes;
  if (one.sequence.value == 0 || size > most_.bytes / 2) return false;
  if (!one.person.is_nil()) {
    const auto key = keys_.load(one.person);
    if (!key) return false;
    bytes = events::seal_bytes(**key, context_of(of), bytes);
  }
  one.sealed = std::make_shared<const std::string>(std::move(bytes));
  const std::scoped_lock lock(guard_);
  auto& kept = place_of(of.entity);
  if (const auto known = kept.points.find(one.sequence.value); known != kept.points.end()) {
    if (known->second.reason == why::on_the_way) return true;
    drop(kept, one.sequence.value);
  }
  const auto whole = one.sealed->size() + point_bytes;
  if (reason == why::at_rest) kept.rests.push_back(one.sequence.value);
  kept.points.emplace(one.sequence.value, std::move(one));
  kept.bytes += whole;
  bytes_ += whole;
  if (kept.rests.size() > most_.at_rest) drop(kept, kept.rests.front());
  while (kept.points.size() > 1 && (kept.points.size() - kept.rests.size() > most_.per_entity || kept.bytes > most_.bytes / 2)) thin(kept);
  while (bytes_ > most_.bytes) drop_entity(std::prev(entities_.end()));
  return true;
}

/// Where folds ended goes first; then every second state on the way, but not the last.
void folded_states::thin(kept_entity& which) {
  if (!which.rests.empty()) return drop(which, which.rests.front());
  which.every *= 2;
  std::vector<std::uint64_t> gone;
  bool odd = true;
  for (auto at = std::next(which.points.rbegin()); at != which.points.rend(); ++at, odd = !odd)
    if (odd) gone.push_back(at->first);
  for (const auto sequence : gone) drop(which, sequence);
}

folded_states::kept_entity& folded_states::place_of(const events::entity_ref& of) {
  auto place = places_.find(of);
  if (place == places_.end()) {
    entities_.push_front({.entity = of, .points = {}, .rests = {}, .every = most_.every_events});
    place = places_.emplace(of, entities_.begin()).first;
  }
  return *place->second;
}

void folded_states::drop(kept_entity& from, std::uint64_t sequence) {
  std::erase(from.rests, sequence);
  const auto at = from.points.find(sequence);
  if (at == from.points.end()) return;
  const auto size = at->second.sealed->size() + point_bytes;
  from.bytes -= size;
  bytes_ -= size;
  from.points.erase(at);
}

void folded_states::drop_entity(kept_list::iterator which) {
  bytes_ -= which->bytes;
  places_.erase(which->entity);
  entities_.erase(which);
}

void folded_states::forget(const events::entity_ref& of) {
  const std::scoped_lock lock(guard_);
  if (const auto place = places_.find(of); place != places_.end()) drop_entity(place->second);
}

std::size_t folded_states::bytes() const {
  const std::scoped_lock lock(guard_);
  return bytes_;
}

std::size_t folded_states::states() const {
  const std::scoped_lock lock(guard_);
  std::size_t all = 0;
  for (const auto& each : entities_) all += each.points.size();
  return all;
}

} // namespace reverie::ops
