#include "actors/domain/bond/state.hpp"

#include "actors/domain/sorted_ids.hpp"

#include <chrono>

namespace reverie::actors::bond {

bool is_barred(const state& now, const message_id& message) { return contains_id(now.barred, message); }

std::int64_t day_of(timestamp at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

} // namespace reverie::actors::bond
