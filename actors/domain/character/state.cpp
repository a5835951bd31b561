#include "actors/domain/character/state.hpp"

namespace reverie::actors::character {

const card* card_of(const state& now, std::uint32_t version) {
  if (now.cards.empty()) return nullptr;
  const auto kept = now.cards.find(version);
  return kept == now.cards.end() ? &now.cards.begin()->second : &kept->second;
}

const card* newest_card(const state& now) { return now.cards.empty() ? nullptr : &now.cards.rbegin()->second; }

} // namespace reverie::actors::character
