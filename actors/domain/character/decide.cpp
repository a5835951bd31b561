#include "actors/domain/character/decide.hpp"

#include "actors/domain/character/card_hash.hpp"
#include "actors/domain/text_rules.hpp"
#include "events/model/limits.hpp"

namespace reverie::actors::character {
namespace {

namespace limits = events::limits;
namespace happened = events::character;

constexpr std::size_t card_base64_bytes = (limits::card_bytes + 2) / 3 * 4;

template <class Imported>
std::optional<rejection> refuse_card(const Imported& asked) {
  if (asked.media_type != "application/json" && asked.media_type != "image/png")
    return rejection{rejection_code::validation_error, "A card is application/json or image/png.", "media_type"};
  if (asked.card_spec != "V1" && asked.card_spec != "V2" && asked.card_spec != "V3")
    return rejection{rejection_code::validation_error, "A card is of version V1, V2 or V3.", "card_spec"};
  if (asked.card_base64.empty()) return rejection{rejection_code::validation_error, "The card is empty.", "card"};
  if (asked.card_base64.size() > card_base64_bytes)
    return rejection{rejection_code::too_large, "A card has at most " + std::to_string(limits::card_bytes) + " bytes.", "card"};
  return refuse_text(asked.profile.name, limits::name_bytes, "The character's name", "name");
}

template <class Imported>
bool is_same_card(const card& kept, const Imported& asked) {
  return kept.media_type == asked.media_type && kept.content_hash == card_hash(asked.card_base64);
}

/// Who is not the owner: a published character is known to exist, another one is not. The system may do all.
std::optional<rejection> refuse_not_owner(const state& now, const decision_context& context) {
  if (now.created && !now.deleted && (context.caller.is_nil() || now.owner == context.caller)) return std::nullopt;
  if (now.created && !now.deleted && now.published)
    return rejection{rejection_code::permission_denied, "This character belongs to somebody else."};
  return rejection{rejection_code::not_found, "There is no such character.", "character_id"};
}

decision decide_one(const state& now, const create_character& asked, const decision_context& context) {
  if (!context.caller.is_nil() && asked.owner != context.caller)
    return reject(rejection_code::permission_denied, "A character is made by its owner.", "owner_id");
  if (auto refused = refuse_card(asked)) return std::unexpected(*refused);
  const events::character_id self{context.self.entity.id};
  if (now.created) {
    const auto* newest = newest_card(now);
    if (!now.deleted && now.owner == asked.owner && newest != nullptr && is_same_card(*newest, asked)) return accepted{{}, self.value};
    return reject(rejection_code::conflict, "This character exists.");
  }
  return accepted{{happened::created{self, asked.owner, asked.published, asked.media_type, asked.card_base64, asked.card_spec,
                                     asked.profile}},
                  self.value};
}

decision decide_one(const state& now, const replace_card& asked, const decision_context& context) {
  if (auto refused = refuse_not_owner(now, context)) return std::unexpected(*refused);
  if (auto refused = refuse_card(asked)) return std::unexpected(*refused);
  const auto* newest = newest_card(now);
  if (newest != nullptr && is_same_card(*newest, asked)) return accepted{{}, now.id.value};
  const auto version = now.cards.empty() ? 2U : now.cards.rbegin()->first + 1;
  return accepted{{happened::card_replaced{version, asked.media_type, asked.card_base64, asked.card_spec, asked.profile}},
                  now.id.value};
}

decision decide_one(const state& now, const delete_character&, const decision_context& context) {
  const bool owns = context.caller.is_nil() || now.owner == context.caller;
  if (now.created && now.deleted && owns) return accepted{{}, now.id.value};
  if (auto refused = refuse_not_owner(now, context)) return std::unexpected(*refused);
  return accepted{{happened::deleted{now.id}}, now.id.value};
}

} // namespace

decision decide(const state& now, const command& asked, const decision_context& context) {
  return std::visit([&](const auto& one) { return decide_one(now, one, context); }, asked);
}

} // namespace reverie::actors::character
