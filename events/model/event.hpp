#pragma once

#include "events/model/bond_events.hpp"
#include "events/model/character_events.hpp"
#include "events/model/partition_events.hpp"
#include "events/model/session_events.hpp"
#include "events/model/user_events.hpp"

#include <variant>

namespace reverie::events {

/// Every event there is, each at its current version; older versions reach this type through upcasters.
/// Add a new payload at the end of its kind; the registry (events/codec) and docs/EVENTS.md follow from this list.
using event = std::variant<user::registered, user::profile_changed, user::roles_changed,                              //
                           session::opened, session::message_sent, session::reply_started, session::reply_completed, //
                           session::reply_failed, session::message_edited, session::message_deleted,                 //
                           session::branch_selected, session::read_marked, session::closed, session::forked,         //
                           character::created, character::card_replaced, character::deleted,                         //
                           bond::conversation_opened, bond::conversation_closed, bond::turn_observed,                //
                           bond::fact_learned, bond::fact_closed, bond::fact_retracted, bond::memory_forgotten,       //
                           bond::affinity_changed, bond::turns_retracted, bond::forked,                               //
                           partition::owner_announced, partition::slices_mapped>;

/// What the log says about an event beside its payload: everything a fold may know.
struct event_context {
  entity_address entity{};
  log_position position{};
  sequence_number sequence{}; ///< of this event in its entity
  timestamp at{};             ///< the record's time
  command_id command{};
  correlation_id correlation{};
};

/// An event as readers get it.
struct recorded_event {
  event_context context;
  event payload;
};

/// The stable name (`session.message_sent`) and number of an event's type.
inline std::string_view name_of(const event& any) {
  return std::visit([](const auto& payload) { return std::decay_t<decltype(payload)>::name; }, any);
}
inline unsigned number_of(const event& any) {
  return std::visit([](const auto& payload) { return std::decay_t<decltype(payload)>::number; }, any);
}

} // namespace reverie::events
