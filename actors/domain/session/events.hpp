#pragma once

#include "events/model/session_events.hpp"

#include <variant>

namespace reverie::actors::session {

/// What a decision of this kind can lead to.
using happening = std::variant<events::session::opened, events::session::message_sent, events::session::reply_started,
                               events::session::reply_completed, events::session::reply_failed, events::session::message_edited,
                               events::session::message_deleted, events::session::branch_selected, events::session::read_marked,
                               events::session::closed, events::session::forked>;

} // namespace reverie::actors::session
