#pragma once

#include "projections/postgres/connection.hpp"
#include "projections/postgres/embedded_sql.hpp"

namespace reverie::projections {

/// What a run of the migrations did.
struct migration_report {
  std::vector<std::string> applied; ///< names, in order
  std::size_t known_before = 0;     ///< how many were there already
};

/// BLAKE2b-256 of a script, hex.
std::string checksum_of(std::string_view sql);

/// Brings the database to the schema this build knows: forward only, each script in its own transaction, under an advisory lock (a
/// second process waits, then finds nothing to do). Refuses with `unknown_version` a database of a newer build, and with `corrupted`
/// a script that was changed after it was applied; nothing is touched then.
outcome<migration_report> migrate(connection& database);
/// With other scripts, for tests.
outcome<migration_report> migrate(connection& database, std::span<const embedded_script> scripts);

} // namespace reverie::projections
