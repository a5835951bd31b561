#include "projections/postgres/bulk_session.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr std::uint64_t little_memory_bytes = 64 << 20;

/// Disk full, which shared memory is called too, or out of memory.
bool is_out_of_room(const sql_problem& problem) { return problem.state == "53100" || problem.state == "53200"; }

} // namespace

outcome<void> allow_for_indexes(connection& database, std::uint64_t bytes, unsigned workers) {
  return database.run_script("SET max_parallel_maintenance_workers = " + std::to_string(workers) + "; SET maintenance_work_mem = '" + std::to_string(bytes >> 10) + "kB'");
}

outcome<void> run_with_index_memory(connection& database, const std::string& table, unsigned workers, const std::string& script) {
  const auto size = database.run("SELECT coalesce(pg_relation_size(to_regclass($1)), 0)", {table});
  if (!size) return std::unexpected(size.error());
  // Of short vectors what links them to their neighbours is as large as they are. It is a limit: no more is taken than is needed.
  const auto wanted_bytes = 2 * static_cast<std::uint64_t>(size->integer(0, 0));
  if (auto allowed = allow_for_indexes(database, std::clamp(wanted_bytes, index_memory_bytes_min, index_memory_bytes_max), workers); !allowed) return allowed;
  const auto made = database.run_script(script);
  if (made || !is_out_of_room(database.problem())) return made;
  database.roll_back();
  if (auto allowed = allow_for_indexes(database, little_memory_bytes, 0); !allowed) return allowed;
  return database.run_script(script);
}

void prefer_fast_packing(connection& database) { (void)database.run("SELECT set_config('default_toast_compression', 'lz4', false)"); }

} // namespace reverie::projections
