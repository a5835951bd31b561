#include "actors/domain/bond/decide.hpp"

#include "actors/domain/bond/decide_fork.hpp"
#include "actors/domain/bond/decide_memory.hpp"
#include "actors/domain/bond/refusals.hpp"
#include "actors/domain/text_rules.hpp"
#include "events/model/limits.hpp"

namespace reverie::actors::bond {
namespace {

namespace limits = events::limits;
namespace happened = events::bond;

decision decide_one(const state& now, const open_conversation& asked, const decision_context& context) {
  if (auto refused = refuse_stranger(context)) return std::unexpected(*refused);
  if (events::bond_of(asked.user, asked.character).value != context.self.entity.id || asked.user.value != context.self.slice_key)
    return reject(rejection_code::validation_error, "This bond is between another user and character.", "character_id");
  if (now.open_session) return accepted{{}, now.open_session->value};
  const events::session_id session{context.fresh_id(0)};
  return accepted{{happened::conversation_opened{session, asked.user, asked.character, asked.card_version,
                                                 std::string(cut_at_character(asked.greeting, limits::message_bytes))}},
                  session.value};
}

decision decide_one(const state& now, const close_conversation& asked, const decision_context& context) {
  if (auto refused = refuse_person(context)) return std::unexpected(*refused);
  if (now.open_session != asked.session) return accepted{{}, asked.session.value};
  return accepted{{happened::conversation_closed{asked.session}}, asked.session.value};
}

} // namespace

decision decide(const state& now, const command& asked, const decision_context& context) {
  return std::visit([&](const auto& one) { return decide_one(now, one, context); }, asked);
}

} // namespace reverie::actors::bond
