#include "projections/postgres/vault_backup.hpp"

#include "projections/postgres/projection_versions.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <istream>
#include <ostream>

namespace reverie::projections {
namespace {

using nlohmann::json;

constexpr int backup_format = 1;
/// In the order in which they refer to each other.
constexpr std::array<std::string_view, 4> tables{"accounts", "data_keys", "api_keys", "refresh_tokens"};
constexpr std::size_t rows_at_once = 1'000;

outcome<void> write_table(connection& database, std::string_view table, std::ostream& out, vault_backup_report& report) {
  const auto opened = database.run("DECLARE rows_of_vault NO SCROLL CURSOR FOR SELECT row_to_json(t) FROM vault." + std::string(table) + " t");
  if (!opened) return std::unexpected(opened.error());
  for (;;) {
    const auto rows = database.run("FETCH " + std::to_string(rows_at_once) + " FROM rows_of_vault");
    if (!rows) return std::unexpected(rows.error());
    for (std::size_t i = 0; i < rows->rows(); ++i) out << R"({"table":")" << table << R"(","row":)" << rows->text(i, 0) << "}\n";
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
  const auto table = line.value("table", "");
  if (std::ranges::find(tables, table) == tables.end() || !line.contains("row"))
    return events::fail(failure_code::malformed, "a line of the backup is no row of a vault");
  const auto added = database.run("INSERT INTO vault." + table + " SELECT * FROM json_populate_record(NULL::vault." + table + ", $1::json) ON CONFLICT DO NOTHING",
                                  {line["row"].dump()});
  if (!added) return events::fail(database.problem().is_data() ? failure_code::malformed : added.error().code, "a row of " + table + " can't be added: " + added.error().message);
  ++(added->changed() > 0 ? report.rows : report.present);
  return {};
}

} // namespace

outcome<vault_backup_report> export_vault(connection& database, std::ostream& out) {
  vault_backup_report report;
  const auto done = in_transaction(database, [&]() -> outcome<void> {
    if (auto set = database.run_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"); !set) return set;
    out << json{{"reverie_vault", backup_format}} << '\n';
    for (const auto table : tables)
      if (auto written = write_table(database, table, out, report); !written) return written;
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
