#include "projections/postgres/vault_backup.hpp"

#include "projections/postgres/projection_versions.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <istream>
#include <ostream>

namespace reverie::projections {
namespace {

using nlohmann::json;

constexpr int backup_format = 2; ///< 1 had the vault alone

/// What is backed up, in the order in which rows refer to each other and rules are read.
struct backed_up {
  std::string_view name, table, order;
};
constexpr std::array<backed_up, 6> tables{{{"accounts", "vault.accounts", ""},
                                           {"data_keys", "vault.data_keys", ""},
                                           {"api_keys", "vault.api_keys", ""},
                                           {"refresh_tokens", "vault.refresh_tokens", ""},
                                           {"event_rules", "rules.event_rules", " ORDER BY t.id"},
                                           {"discarded_events", "runner.discarded_events", ""}}};

/// A rule gets the next number where it comes to, behind those that are there: numbers of two databases mean different rules.
constexpr std::string_view add_rule = R"(
  INSERT INTO rules.event_rules (projection, entity, event_type, event_version, from_sequence, to_sequence, operations, reason, author, created_at, retired_at, retire_reason)
  SELECT r.projection, r.entity, r.event_type, r.event_version, r.from_sequence, r.to_sequence, r.operations, r.reason, r.author, r.created_at, r.retired_at, r.retire_reason
  FROM json_populate_record(NULL::rules.event_rules, $1::json) r
  WHERE NOT EXISTS (SELECT FROM rules.event_rules k WHERE (k.projection, k.event_type, k.event_version, k.from_sequence, k.operations, k.author, k.created_at)
                                                        = (r.projection, r.event_type, r.event_version, r.from_sequence, r.operations, r.author, r.created_at)
                                                      AND k.entity IS NOT DISTINCT FROM r.entity AND k.to_sequence IS NOT DISTINCT FROM r.to_sequence))";
constexpr std::size_t rows_at_once = 1'000;

outcome<void> write_table(connection& database, const backed_up& each, std::ostream& out, vault_backup_report& report) {
  const auto opened = database.run(std::format("DECLARE rows_of_vault NO SCROLL CURSOR FOR SELECT row_to_json(t) FROM {} t{}", each.table, each.order));
  if (!opened) return std::unexpected(opened.error());
  for (;;) {
    const auto rows = database.run("FETCH " + std::to_string(rows_at_once) + " FROM rows_of_vault");
    if (!rows) return std::unexpected(rows.error());
    for (std::size_t i = 0; i < rows->rows(); ++i) out << R"({"table":")" << each.name << R"(","row":)" << rows->text(i, 0) << "}\n";
    report.rows += rows->rows();
    if (rows->rows() < rows_at_once) break;
  }
  return database.run_script("CLOSE rows_of_vault");
}

outcome<void> check_head(std::istream& in) {
  std::string text;
  const auto head = std::getline(in, text) ? json::parse(text, nullptr, false) : json();
  if (!head.is_object() || !head.contains("reverie_vault") || !head["reverie_vault"].is_number_integer())
    return events::fail(failure_code::malformed, "this is no backup of a vault");
  if (head["reverie_vault"].get<int>() > backup_format) return events::fail(failure_code::unknown_version, "the backup is of a newer build");
  return {};
}

outcome<void> add_row(connection& database, const json& line, vault_backup_report& report) {
  const auto name = line.value("table", "");
  const auto found = std::ranges::find(tables, name, &backed_up::name);
  if (found == tables.end() || !line.contains("row")) return events::fail(failure_code::malformed, "a line of the backup is no row of a vault");
  const auto statement = name == "event_rules" ? std::string(add_rule)
                                               : std::format("INSERT INTO {0} SELECT * FROM json_populate_record(NULL::{0}, $1::json) ON CONFLICT DO NOTHING", found->table);
  const auto added = database.run(statement, {line["row"].dump()});
  if (!added) return events::fail(database.problem().is_data() ? failure_code::malformed : added.error().code, "a row of " + name + " can't be added: " + added.error().message);
  ++(added->changed() > 0 ? report.rows : report.present);
  return {};
}

} // namespace

outcome<vault_backup_report> export_vault(connection& database, std::ostream& out) {
  vault_backup_report report;
  const auto done = in_transaction(database, [&]() -> outcome<void> {
    if (auto set = database.run_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"); !set) return set;
    out << json{{"reverie_vault", backup_format}} << '\n';
    for (const auto& each : tables)
      if (auto written = write_table(database, each, out, report); !written) return written;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  out << json{{"rows", report.rows}} << '\n';
  if (!out.flush()) return events::fail(failure_code::no_space, "the backup could not be written");
  return report;
}

outcome<vault_backup_report> import_vault(connection& database, std::istream& in) {
  vault_backup_report report;
  const auto done = in_transaction(database, [&]() -> outcome<void> {
    if (auto head = check_head(in); !head) return head;
    std::string text;
    while (std::getline(in, text)) {
      const auto line = json::parse(text, nullptr, false);
      if (!line.is_object()) return events::fail(failure_code::malformed, "a line of the backup is no JSON");
      if (line.contains("rows")) {
        if (line["rows"] == report.rows + report.present) return {};
        break;
      }
      if (auto added = add_row(database, line, report); !added) return added;
    }
    return events::fail(failure_code::malformed, "the backup is cut short");
  });
  if (!done) return std::unexpected(done.error());
  return report;
}

} // namespace reverie::projections
