#include "projections/runner/version_indexes.hpp"

#include "projections/postgres/bulk_session.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/postgres/vector_tables.hpp"

namespace reverie::projections {

outcome<void> index_version(connection& database, const fold& of, const projection_version& fresh, const projection_version& old, unsigned workers) {
  if (auto set = allow_for_indexes(database, index_memory_bytes_min, workers); !set) return set;
  if (auto made = ensure_indexes(database, of, fresh); !made) return made;
  if (fresh.projection == "memories")
    if (auto copied = copy_vectors(database, old.schema, fresh.schema, workers); !copied) return copied;
  std::string script;
  for (const auto* each : of.tables()) script += "ANALYZE " + fresh.schema + "." + std::string(each->name) + ";";
  if (auto analysed = database.run_script(script); !analysed) return analysed;
  const auto ready = database.run("UPDATE runner.projection_versions SET state = 'ready' WHERE projection = $1 AND version = $2",
                                  {fresh.projection, std::to_string(fresh.number)});
  if (!ready) return std::unexpected(ready.error());
  return {};
}

} // namespace reverie::projections
