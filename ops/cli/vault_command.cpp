#include "ops/cli/commands.hpp"
#include "ops/cli/operator_trail.hpp"
#include "ops/cli/projection_choice.hpp"
#include "projections/postgres/vault_backup.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace reverie::ops {

namespace {

cli_change change_of(const vault_options& how) { return {.action = "vault." + how.action, .subject = "vault", .reason = how.reason}; }

exit_code export_to(const settings& given, projections::connection& database, const vault_options& how, bool json) {
  const auto& path = how.file;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return report({events::failure_code::already_exists, path + " is there already"});
  std::ofstream out(path, std::ios::binary);
  if (!out) return report({events::failure_code::malformed, "can't write to " + path});
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  const auto done = on_record(given, change_of(how), [&] { return projections::export_vault(database, out); });
  if (!done) {
    out.close();
    std::filesystem::remove(path, ignored);
    return report(done.error());
  }
  if (json) std::puts(nlohmann::ordered_json{{"rows", done->rows}}.dump().c_str());
  else std::printf("exported: %llu rows; the master key is not in it\n", static_cast<unsigned long long>(done->rows));
  return exit_code::done;
}

exit_code import_from(const settings& given, projections::connection& database, const vault_options& how, bool json) {
  const auto& path = how.file;
  std::ifstream in(path, std::ios::binary);
  if (!in) return report({events::failure_code::malformed, "can't read " + path});
  const auto done = on_record(given, change_of(how), [&] { return projections::import_vault(database, in); });
  if (!done) return report(done.error());
  if (json) std::puts(nlohmann::ordered_json{{"added", done->rows}, {"present", done->present}}.dump().c_str());
  else std::printf("imported: %llu rows, %llu were there\n", static_cast<unsigned long long>(done->rows), static_cast<unsigned long long>(done->present));
  return exit_code::done;
}

} // namespace

exit_code run_vault(const settings& given, const vault_options& how, bool json) {
  auto database = open_database(given);
  if (!database) return report(database.error());
  return how.action == "export" ? export_to(given, *database, how, json) : import_from(given, *database, how, json);
}

} // namespace reverie::ops
