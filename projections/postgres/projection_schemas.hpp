#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/connection.hpp"

namespace reverie::projections {

/// The parts of a projection's template (`migrations/projections/<name>.sql`) with the schema's name filled in.
struct schema_script {
  std::string tables, indexes, views;
  std::string checksum; ///< of the template
};

/// The schema of a version: `<name>_v<version>`.
std::string schema_name(const fold& of);
/// `not_found` for a projection without a template.
outcome<schema_script> schema_script_of(const fold& of, const std::string& schema);

/// Makes the schema of a projection's version when it is not there, with its stable views and a position per partition at 0. Refuses a
/// template that was changed without a new version (`corrupted`) and a newer serving version (`unknown_version`).
outcome<void> ensure_schema(connection& database, const fold& of, std::uint32_t partitions);

/// Makes the secondary indexes that a rebuild left for its end, if they are missing.
outcome<void> ensure_indexes(connection& database, const fold& of);

/// Drops a schema, makes its tables anew without secondary indexes, puts the stable views back: for a rebuild.
/// To be run inside the caller's transaction.
outcome<void> recreate_tables(connection& database, const fold& of);

/// The bare tables in another schema, dropped first: for comparing. In a transaction of its own.
outcome<void> make_shadow(connection& database, const fold& of, const std::string& schema);

} // namespace reverie::projections
