#include "actors/runtime/effect_book.hpp"

#include "actors/runtime/effect_codec.hpp"
#include "actors/runtime/partition_state.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

namespace {

std::string kind_of_effect(const effect& what) {
  if (const auto* delivered = std::get_if<deliver_command>(&what)) return std::string(name_of(delivered->command));
  return std::string(generate_reply::name);
}

} // namespace

void effect_book::refuse(const begun_effect& effect, std::uint32_t attempts, std::string problem, events::timestamp now) {
  const auto known = waits_.find(effect.id);
  const auto since = known == waits_.end() || known->second.since == events::timestamp{} ? now : known->second.since;
  refused_.push_back({effect, {.id = effect.id, .entity = effect.owner.entity, .kind = kind_of_effect(effect.what), .since = since, .attempts = attempts,
                               .failed = true, .problem = std::move(problem), .cause = effect.cause}});
  if (refused_.size() > refused_max) refused_.pop_front();
}

std::optional<begun_effect> effect_book::take_refused(events::effect_id id) {
  const auto found = std::ranges::find_if(refused_, [&](const refused_effect& each) { return each.effect.id == id; });
  if (found == refused_.end()) return std::nullopt;
  auto effect = std::move(found->effect);
  refused_.erase(found);
  return effect;
}

std::vector<effect_status> effect_book::list(const std::unordered_map<events::effect_id, events::pending_effect>& pending,
                                             const std::unordered_map<events::effect_id, delivery>& deliveries, std::size_t effects_max,
                                             events::timestamp now) {
  std::erase_if(waits_, [&](const auto& each) { return !pending.contains(each.first); });
  std::vector<effect_status> all;
  for (const auto& [id, one] : pending) {
    auto& known = waits_[id];
    if (known.since == events::timestamp{}) known.since = now;
    effect_status shown{.id = id, .entity = one.owner.entity, .since = known.since, .attempts = 1, .problem = known.problem, .cause = one.cause};
    if (const auto stored = from_pending(one)) shown.kind = kind_of_effect(stored->what);
    if (const auto under_way = deliveries.find(id); under_way != deliveries.end()) {
      shown.kind = kind_of_effect(under_way->second.effect.what);
      shown.attempts = under_way->second.attempts;
    }
    all.push_back(std::move(shown));
  }
  const auto count = std::min(all.size(), effects_max);
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count), {}, [](const effect_status& each) { return std::pair(each.since, each.id); });
  all.resize(count);
  for (const auto& each : refused_) all.push_back(each.shown);
  return all;
}

} // namespace reverie::actors::runtime
