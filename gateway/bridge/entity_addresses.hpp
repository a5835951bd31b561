#pragma once

#include "events/model/ids.hpp"

namespace reverie::gateway {

/// Addresses of the entities a person's requests go to: what is a person's lives in that person's slice.
inline events::entity_address address_of(events::user_id user) {
  return {{events::entity_kind::user, user.value}, user.value};
}
inline events::entity_address address_of(events::user_id user, events::session_id session) {
  return {{events::entity_kind::session, session.value}, user.value};
}
inline events::entity_address address_of(events::user_id user, events::character_id character) {
  return {{events::entity_kind::bond, events::bond_of(user, character).value}, user.value};
}
inline events::entity_address address_of(events::character_id character) {
  return {{events::entity_kind::character, character.value}, character.value};
}

} // namespace reverie::gateway
