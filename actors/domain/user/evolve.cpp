#include "actors/domain/user/evolve.hpp"

#include "actors/domain/overloaded.hpp"

namespace reverie::actors::user {

void evolve(state& now, const events::event& happened, const events::event_context&) {
  std::visit(overloaded{
                 [&](const events::user::registered& one) {
                   now = {true, one.user, one.email, one.display_name, one.roles};
                 },
                 [&](const events::user::profile_changed& one) { now.display_name = one.display_name; },
                 [&](const events::user::roles_changed& one) { now.roles = one.roles; },
                 [](const auto&) {},
             },
             happened);
}

} // namespace reverie::actors::user
