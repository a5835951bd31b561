#include "projections/postgres/migrations.hpp"

#include "projections/postgres/advisory_lock.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>

namespace reverie::projections {
namespace {

constexpr const char* ledger =
    "CREATE TABLE IF NOT EXISTS public.reverie_migrations ("
    "  name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";

outcome<void> check_known(const std::map<std::string, std::string>& applied, std::span<const embedded_script> scripts) {
  for (const auto& [name, checksum] : applied) {
    const auto at = std::ranges::find(scripts, name, &embedded_script::name);
    if (at == scripts.end())
      return events::fail(failure_code::unknown_version, "the database has the migration " + name +
                                                             ", which this build does not know: it belongs to a newer version");
    if (checksum_of(at->sql) != checksum)
      return events::fail(failure_code::corrupted, "the migration " + name + " was changed after it was applied to this database");
  }
  return {};
}

outcome<void> apply(connection& database, const embedded_script& script) {
  const std::string name(script.name);
  if (auto begun = database.run_script("BEGIN"); !begun) return begun;
  if (auto done = database.run_script(std::string(script.sql)); !done) {
    database.roll_back();
    return events::fail(done.error().code, "the migration " + name + " failed: " + done.error().message);
  }
  const auto noted = database.run("INSERT INTO public.reverie_migrations (name, checksum) VALUES ($1, $2)", {name, checksum_of(script.sql)});
  if (!noted) {
    database.roll_back();
    return std::unexpected(noted.error());
  }
  return database.run_script("COMMIT");
}

} // namespace

std::string checksum_of(std::string_view sql) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(sql.data()), sql.size(), nullptr, 0);
  std::string text(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();
  return text;
}

outcome<migration_report> migrate(connection& database) { return migrate(database, embedded_migrations()); }

outcome<migration_report> migrate(connection& database, std::span<const embedded_script> scripts) {
  const auto lock = advisory_lock::wait(database, "migrate");
  if (!lock) return std::unexpected(lock.error());
  if (auto made = database.run_script(ledger); !made) return std::unexpected(made.error());
  const auto rows = database.run("SELECT name, checksum FROM public.reverie_migrations ORDER BY name");
  if (!rows) return std::unexpected(rows.error());
  std::map<std::string, std::string> applied;
  for (std::size_t i = 0; i < rows->rows(); ++i) applied.emplace(rows->text(i, 0), rows->text(i, 1));
  if (auto known = check_known(applied, scripts); !known) return std::unexpected(known.error());
  migration_report report{{}, applied.size()};
  for (const auto& script : scripts) {
    if (applied.contains(std::string(script.name))) continue;
    if (auto done = apply(database, script); !done) return std::unexpected(done.error());
    report.applied.emplace_back(script.name);
  }
  return report;
}

} // namespace reverie::projections
