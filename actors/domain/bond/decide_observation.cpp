#include "actors/domain/bond/decide_memory.hpp"
#include "actors/domain/bond/refusals.hpp"
#include "actors/domain/sorted_ids.hpp"

namespace reverie::actors::bond {

decision decide_one(const state& now, const observe_turn& asked, const decision_context& context) {
  if (auto refused = refuse_person(context)) return std::unexpected(*refused);
  if (contains_id(now.observed, asked.message) || is_barred(now, asked.message)) return accepted{{}, asked.message.value};
  return accepted{{events::bond::turn_observed{asked.session, asked.message, {}}}, asked.message.value};
}

} // namespace reverie::actors::bond
