#pragma once

#include "projections/postgres/connection.hpp"

#include <functional>
#include <iosfwd>

namespace reverie::projections {

struct vault_backup_report {
  std::uint64_t rows = 0;    ///< written, or added
  std::uint64_t present = 0; ///< of an import: were there already, and stay as they are
};

/// Writes all of the schema `vault` as of one moment, a JSON line a row: accounts with their password hashes, API keys and refresh tokens as
/// hashes, data keys wrapped by the master key, which is not in it. With the log it is all that can't be made again.
outcome<vault_backup_report> export_vault(connection& database, std::ostream& out);

/// Adds what is not there, all or nothing. What is there wins: a key that was destroyed since stays destroyed. `malformed` when the input is
/// no backup, or is cut short; `unknown_version` when a newer build wrote it.
outcome<vault_backup_report> import_vault(connection& database, std::istream& in);

} // namespace reverie::projections
