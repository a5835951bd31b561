#pragma once

#include "projections/postgres/connection.hpp"

#include <functional>
#include <iosfwd>

namespace reverie::projections {

struct vault_backup_report {
  std::uint64_t rows = 0;    ///< written, or added
  std::uint64_t present = 0; ///< of an import: were there already, and stay as they are
};

/// Writes what no log holds as of one moment, a JSON line a row: all of the schema `vault` (accounts with their password hashes, API keys and
/// refresh tokens as hashes, data keys wrapped by the master key, which is not in it), and what operators decided about reading the log: event
/// rules and discarded events. With the log it is all that can't be made again.
outcome<vault_backup_report> export_vault(connection& database, std::ostream& out);

/// Adds what is not there, all or nothing. What is there wins: a key that was destroyed since stays destroyed. Event rules get numbers of
/// their new database, in the order they had. `malformed` when the input is
/// no backup, or is cut short; `unknown_version` when a newer build wrote it.
outcome<vault_backup_report> import_vault(connection& database, std::istream& in);

} // namespace reverie::projections
