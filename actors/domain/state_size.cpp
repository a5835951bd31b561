#include "actors/domain/state_size.hpp"

namespace reverie::actors {
namespace {

/// A node of a std::map beside its value, with the allocator's own bytes.
constexpr std::size_t map_node_bytes = 48;

std::size_t heap_of(const std::string& text) { return text.capacity() > 15 ? text.capacity() + 16 : 0; }

template <class Item>
std::size_t heap_of(const std::vector<Item>& items) {
  return items.capacity() * sizeof(Item);
}

std::size_t heap_of_profile(const events::character::profile& one) {
  std::size_t bytes = 0;
  for (const auto* text : {&one.name, &one.tagline, &one.description, &one.personality, &one.scenario, &one.first_message,
                           &one.message_examples, &one.system_prompt, &one.post_history_instructions, &one.nickname, &one.creator,
                           &one.character_version, &one.lorebook_json})
    bytes += heap_of(*text);
  for (const auto& text : one.alternate_greetings) bytes += sizeof text + heap_of(text);
  for (const auto& text : one.tags) bytes += sizeof text + heap_of(text);
  return bytes;
}

} // namespace

std::size_t size_of_state(const user::state& now) {
  std::size_t bytes = heap_of(now.email) + heap_of(now.display_name) + heap_of(now.roles);
  for (const auto& role : now.roles) bytes += heap_of(role);
  return bytes;
}

std::size_t size_of_state(const session::state& now) {
  std::size_t bytes = now.nodes.size() * (map_node_bytes + sizeof(*now.nodes.begin()));
  bytes += now.client_sends.size() * (map_node_bytes + sizeof(*now.client_sends.begin()));
  bytes += heap_of(now.waiting) + heap_of(now.recent);
  for (const auto& kept : now.recent) bytes += heap_of(kept.text) + heap_of(kept.recalled);
  return bytes;
}

std::size_t size_of_state(const character::state& now) {
  std::size_t bytes = 0;
  for (const auto& [version, card] : now.cards)
    bytes += map_node_bytes + sizeof card + heap_of(card.media_type) + heap_of(card.spec) + heap_of_profile(card.profile);
  return bytes;
}

std::size_t size_of_state(const bond::state& now) {
  std::size_t bytes = heap_of(now.observed) + heap_of(now.retracted) + heap_of(now.barred) + heap_of(now.forgotten) + heap_of(now.causes);
  for (const auto& [id, fact] : now.facts)
    bytes += map_node_bytes + sizeof fact + heap_of(fact.attribute) + heap_of(fact.subject) + heap_of(fact.value) +
             heap_of(fact.text) + heap_of(fact.restated) + heap_of(fact.extractor);
  bytes += now.axes.size() * (map_node_bytes + sizeof(*now.axes.begin()));
  for (const auto& cause : now.causes) bytes += heap_of(cause.sentence);
  for (const auto& [id, moved] : now.moved_by)
    bytes += map_node_bytes + sizeof moved + moved.size() * (map_node_bytes + sizeof(*moved.begin()));
  return bytes;
}

} // namespace reverie::actors
