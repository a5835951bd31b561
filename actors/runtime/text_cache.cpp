#include "actors/runtime/text_cache.hpp"

namespace reverie::actors::runtime {
namespace {

std::size_t size_of(const said_text& said) {
  constexpr std::size_t node_bytes = 64; ///< of the map, roughly
  std::size_t copied = 0;
  for (const auto& each : said.copied) copied += sizeof each + each.content.size() + each.recalled.size() * sizeof(events::memory_id);
  return copied + sizeof(said_text) + node_bytes + (said.text ? said.text->size() : 0) + said.recalled.size() * sizeof(events::memory_id);
}

} // namespace

std::vector<said_text> text_cache::take_known(const events::entity_address& session, std::vector<events::sequence_number>& wanted) {
  std::vector<said_text> known;
  const std::scoped_lock lock(guard_);
  const auto place = places_.find(session.entity);
  if (place == places_.end()) return known;
  sessions_.splice(sessions_.begin(), sessions_, place->second);
  const auto& texts = place->second->texts;
  std::erase_if(wanted, [&](events::sequence_number sequence) {
    const auto found = texts.find(sequence.value);
    if (found == texts.end()) return false;
    known.push_back(found->second);
    return true;
  });
  return known;
}

void text_cache::keep(const events::entity_address& session, const said_text& said) {
  const std::scoped_lock lock(guard_);
  auto place = places_.find(session.entity);
  if (place == places_.end()) {
    sessions_.push_front({session.entity, {}, 0});
    place = places_.emplace(session.entity, sessions_.begin()).first;
  }
  auto& kept = *place->second;
  if (!kept.texts.emplace(said.at.value, said).second) return;
  kept.bytes += size_of(said);
  bytes_ += size_of(said);
  while (bytes_ > bytes_max_) drop(std::prev(sessions_.end()));
}

void text_cache::forget(const events::entity_address& session) {
  const std::scoped_lock lock(guard_);
  if (const auto place = places_.find(session.entity); place != places_.end()) drop(place->second);
}

std::size_t text_cache::bytes() const {
  const std::scoped_lock lock(guard_);
  return bytes_;
}

void text_cache::drop(kept_list::iterator which) {
  bytes_ -= which->bytes;
  places_.erase(which->session);
  sessions_.erase(which);
}

} // namespace reverie::actors::runtime
