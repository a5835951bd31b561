#pragma once

#include "projections/postgres/projection_versions.hpp"

namespace reverie::projections {

/// The parts of a projection's template (`migrations/projections/<name>.sql`) with the schema's name filled in.
struct schema_script {
  std::string tables, indexes, views;
  std::string checksum; ///< of the template but for its later indexes, which make no other version of it
};

/// The schema of an instance: `<name>_v<number>`.
std::string schema_name(std::string_view projection, std::uint32_t number);
/// `not_found` for a projection without a template.
outcome<schema_script> schema_script_of(const fold& of, const std::string& schema);

/// Makes sure that an instance serves which this build can fold, with a position per partition: the first one of a new database, or, for
/// a fold that has changed, the one that a rebuild has made ready, else a new one that starts empty. Refuses a template that was
/// changed without a new version (`corrupted`) and a serving instance of a newer fold (`unknown_version`).
outcome<void> ensure_schema(connection& database, const fold& of, std::uint32_t partitions);

/// Makes an instance with bare tables for a rebuild, under the next free number; positions at 0, nobody follows it.
outcome<projection_version> begin_version(connection& database, const fold& of, std::uint32_t partitions);
/// Takes an instance out with all it has. To be run inside the caller's transaction.
outcome<void> remove_version(connection& database, const projection_version& one);

/// Makes the secondary indexes that a rebuild left for its end, if they are missing.
outcome<void> ensure_indexes(connection& database, const fold& of, const projection_version& one);

/// Points the stable views at an instance, those of its vectors too. To be run inside the caller's transaction.
outcome<void> point_views(connection& database, const fold& of, const projection_version& at);

/// Lets an instance serve: views and catalogue. To be run inside the caller's transaction, behind a closed gate.
outcome<void> serve_version(connection& database, const fold& of, const projection_version& one);

/// The bare tables in another schema, dropped first: for comparing. In a transaction of its own.
outcome<void> make_shadow(connection& database, const fold& of, const std::string& schema);

} // namespace reverie::projections
