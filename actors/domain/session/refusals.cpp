#include "actors/domain/session/refusals.hpp"

#include "events/model/limits.hpp"

namespace reverie::actors::session {

std::optional<rejection> refuse_stranger(const state& now, const decision_context& context) {
  // A fork is there for operators alone.
  if (now.opened && (context.caller.is_nil() || (context.caller == now.user && !now.fork))) return std::nullopt;
  return rejection{rejection_code::not_found, "There is no such conversation.", "conversation_id"};
}

std::optional<rejection> refuse_writing(const state& now, const decision_context& context) {
  if (auto refused = refuse_stranger(now, context)) return refused;
  if (now.closed) return rejection{rejection_code::conflict, "This conversation is closed.", "conversation_id"};
  return std::nullopt;
}

std::optional<rejection> refuse_while_replying(const state& now) {
  if (!now.turn) return std::nullopt;
  return rejection{rejection_code::conflict, "A reply is running; stop it or wait for its end.", "",
                   events::limits::overloaded_retry_after_ms.count()};
}

std::optional<rejection> refuse_person(const state& now, const decision_context& context) {
  if (!now.opened) return rejection{rejection_code::not_found, "There is no such conversation.", "conversation_id"};
  if (!context.caller.is_nil()) return rejection{rejection_code::permission_denied, "Only the server ends or restarts a reply."};
  return std::nullopt;
}

} // namespace reverie::actors::session
