#include "actors/domain/character/evolve.hpp"

#include "actors/domain/character/card_hash.hpp"
#include "actors/domain/overloaded.hpp"
#include "events/model/limits.hpp"

namespace reverie::actors::character {
namespace {

template <class Imported>
void keep_card(state& now, std::uint32_t version, const Imported& one, const events::event_context& context) {
  now.cards[version] = {one.media_type, one.card_spec, card_hash(one.card_base64), context.sequence, one.profile};
  while (now.cards.size() > events::limits::card_versions_kept_per_character) now.cards.erase(now.cards.begin());
}

} // namespace

void evolve(state& now, const events::event& happened, const events::event_context& context) {
  std::visit(overloaded{
                 [&](const events::character::created& one) {
                   now = {true, false, one.character, one.owner, one.published, {}};
                   keep_card(now, 1, one, context);
                 },
                 [&](const events::character::card_replaced& one) { keep_card(now, one.card_version, one, context); },
                 [&](const events::character::deleted&) { now.deleted = true; },
                 [](const auto&) {},
             },
             happened);
}

} // namespace reverie::actors::character
