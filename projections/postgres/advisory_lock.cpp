#include "projections/postgres/advisory_lock.hpp"

namespace reverie::projections {
namespace {

constexpr const char* key = "hashtextextended('reverie.' || $1, 0)";

} // namespace

outcome<advisory_lock> advisory_lock::wait(connection& database, std::string name) {
  const auto taken = database.run("SELECT pg_advisory_lock(" + std::string(key) + ")", {name});
  if (!taken) return std::unexpected(taken.error());
  return advisory_lock(database, std::move(name));
}

outcome<advisory_lock> advisory_lock::try_now(connection& database, std::string name) {
  const auto taken = database.run("SELECT pg_try_advisory_lock(" + std::string(key) + ")", {name});
  if (!taken) return std::unexpected(taken.error());
  if (!taken->boolean(0, 0)) return events::fail(failure_code::locked, "somebody else is doing this already: " + name);
  return advisory_lock(database, std::move(name));
}

advisory_lock::~advisory_lock() {
  if (database_ == nullptr || !database_->usable()) return;
  (void)database_->run("SELECT pg_advisory_unlock(" + std::string(key) + ")", {name_});
}

} // namespace reverie::projections
