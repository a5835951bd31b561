#include "events/log/memory_state_generations.hpp"

#include "events/model/limits.hpp"

#include <algorithm>

namespace reverie::events {

namespace {

std::pair<epoch_number, log_offset> rank_of(const checkpoint_manifest& manifest) {
  return {manifest.applied.pair.epoch, manifest.applied.next};
}

std::string name_of(const checkpoint_manifest& manifest) {
  return std::to_string(manifest.applied.pair.epoch.value) + "-" + std::to_string(manifest.applied.next.value);
}

} // namespace

std::vector<memory_shared_folder::item> memory_shared_folder::items(partition_number partition) const {
  std::lock_guard lock(mutex_);
  auto found = items_.find(partition);
  return found == items_.end() ? std::vector<item>{} : found->second;
}

void memory_shared_folder::damage(partition_number partition) {
  std::lock_guard lock(mutex_);
  for (auto& each : items_[partition]) each.damaged = true;
}

outcome<std::vector<kept_generation>> memory_state_generations::kept(partition_number partition) {
  std::vector<kept_generation> all;
  const auto own = states_->of(partition)->checkpoints();
  if (!own) return std::unexpected(own.error());
  for (const auto& manifest : *own)
    all.push_back({kept_generation::place::local, std::to_string(manifest.generation), manifest, {}});
  if (shared_)
    for (auto& each : shared_->items(partition)) all.push_back(each.generation);
  std::ranges::stable_sort(all, std::greater{}, [](const kept_generation& each) { return rank_of(each.manifest); });
  return all;
}

outcome<void> memory_state_generations::take(partition_number partition, const kept_generation& generation) {
  auto store = states_->of(partition);
  if (generation.where == kept_generation::place::local) {
    if (!store->put_in_place(generation.manifest.generation)) return fail(failure_code::not_found, "the generation is gone");
    return {};
  }
  if (!shared_) return fail(failure_code::not_found, "nothing is shared");
  for (const auto& each : shared_->items(partition)) {
    if (each.generation.name != generation.name) continue;
    if (each.damaged) return fail(failure_code::corrupted, "told to be damaged");
    store->put_in_place(*each.content);
    return {};
  }
  return fail(failure_code::not_found, "the generation is gone");
}

outcome<void> memory_state_generations::begin_anew(partition_number partition) {
  states_->of(partition)->put_in_place(memory_state_store::content{});
  return {};
}

outcome<bool> memory_state_generations::share(partition_number partition, const checkpoint_manifest& own, const chain_hash& last_hash) {
  if (!shared_) return false;
  auto content = states_->of(partition)->kept_content(own.generation);
  if (!content) return fail(failure_code::not_found, "the generation is gone");
  std::lock_guard lock(shared_->mutex_);
  auto& items = shared_->items_[partition];
  if (std::ranges::any_of(items, [&](const auto& each) { return rank_of(each.generation.manifest) >= rank_of(own); })) return false;
  items.push_back({{kept_generation::place::shared, name_of(own), own, last_hash}, std::move(content), false});
  std::ranges::sort(items, {}, [](const auto& each) { return rank_of(each.generation.manifest); });
  if (items.size() > limits::checkpoint_generations) items.erase(items.begin());
  return true;
}

outcome<generation_check> memory_state_generations::check_next(partition_number partition) {
  if (!shared_) return generation_check{};
  std::lock_guard lock(shared_->mutex_);
  auto& items = shared_->items_[partition];
  generation_check seen;
  for (auto each = items.begin(); each != items.end(); ++each) {
    seen.looked_at = each->generation;
    if (!each->damaged) continue;
    seen.damage = failure{failure_code::corrupted, "told to be damaged", std::nullopt};
    items.erase(each);
    break;
  }
  return seen;
}

} // namespace reverie::events
