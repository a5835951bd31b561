#pragma once

#include "gateway/bridge/bounded_map.hpp"

#include "events/model/ids.hpp"
#include "events/model/limits.hpp"

#include <mutex>
#include <vector>

namespace reverie::gateway {

/// What each person wrote last and may not be readable yet, so that their reads wait for it. Bounded; thread-safe.
class own_writes {
public:
  void remember(events::user_id user, const events::log_position& position);
  /// Places that the person's reads should wait for.
  std::vector<events::log_position> pending(events::user_id user);
  /// These were folded: nobody needs to wait for them again.
  void settle(events::user_id user, const std::vector<events::log_position>& folded);

private:
  std::mutex mutex_;
  bounded_map<events::user_id, std::vector<events::log_position>> latest_{events::limits::people_remembered};
};

} // namespace reverie::gateway
