#pragma once

#include "gateway/wire/api_error.hpp"
#include "gateway/wire/masking.hpp"

#include "events/model/ids.hpp"

#include <optional>
#include <string>

namespace reverie::gateway {

/// Where a copy of a conversation begins, and what answers in it.
struct fork_wish {
  std::optional<std::uint64_t> sequence; ///< the last event it holds; none: the newest
  std::string model;                     ///< empty: the server's own
};

struct fork_query {
  std::optional<events::session_id> conversation;
  std::optional<events::user_id> user;
  std::string cursor;
  std::size_t page_size = 50;
};

/// Copies of conversations that operators continue apart. Calls block; thread-safe.
class fork_port {
public:
  virtual ~fork_port() = default;
  virtual result<document> make(events::session_id of, const fork_wish& wish) = 0;
  virtual result<document> list(const fork_query& query) = 0;
  virtual result<document> one(events::session_id fork) = 0;
  /// What both sides share, how each went on, and what became of the bonds.
  virtual result<document> timelines(events::session_id fork, privacy_mode privacy) = 0;
  virtual result<document> say(events::session_id fork, const std::string& text) = 0;
  virtual result<document> regenerate(events::session_id fork, events::message_id message) = 0;
  virtual result<document> close(events::session_id fork) = 0;
};

} // namespace reverie::gateway
