#pragma once

#include "actors/runtime/interfaces.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace reverie::gateway {

/// Watches a person's updates for a session that opens. Made before the command that opens it, so that nothing is missed.
class opening_watch : public actors::update_listener {
public:
  using opened = std::optional<events::log_position>;

  void on_update(const actors::shared_update& update) override;
  void on_piece(const std::shared_ptr<const actors::reply_piece>&) override {}

  /// Calls `done` once: with the position of the session's opening, or with nothing when `give_up` was called first.
  void when_opened(events::session_id session, std::function<void(opened)> done);
  void give_up();

  std::shared_ptr<void> listening; ///< the node's token

private:
  std::mutex mutex_;
  std::vector<std::pair<events::session_id, events::log_position>> seen_;
  events::session_id wanted_{};
  std::function<void(opened)> done_;
  bool given_up_ = false;
};

} // namespace reverie::gateway
