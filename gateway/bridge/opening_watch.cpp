#include "gateway/bridge/opening_watch.hpp"

#include "gateway/wire/session_frames.hpp"

namespace reverie::gateway {

void opening_watch::on_update(const actors::shared_update& update) {
  if (!opened_for(update->happened)) return;
  std::function<void(opened)> done;
  {
    std::lock_guard lock(mutex_);
    events::session_id session{update->entity.entity.id};
    seen_.emplace_back(session, update->position);
    if (session == wanted_) done.swap(done_);
  }
  if (done) done(update->position);
}

void opening_watch::when_opened(events::session_id session, std::function<void(opened)> done) {
  opened known;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [seen, position] : seen_) {
      if (seen == session) known = position;
    }
    if (!known && !given_up_) {
      wanted_ = session;
      done_ = std::move(done);
      return;
    }
  }
  done(known);
}

void opening_watch::give_up() {
  std::function<void(opened)> done;
  {
    std::lock_guard lock(mutex_);
    given_up_ = true;
    done.swap(done_);
  }
  if (done) done(std::nullopt);
}

} // namespace reverie::gateway
