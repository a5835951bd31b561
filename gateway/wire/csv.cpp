#include "gateway/wire/csv.hpp"

#include <string_view>

namespace reverie::gateway {

namespace {

std::string csv_cell(std::string_view text) {
  std::string cell;
  if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front())) cell += '\'';
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (char each : cell) {
    if (each == '"') quoted += '"';
    quoted += each;
  }
  return quoted + '"';
}

} // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row += ',';
    row += csv_cell(cells[i]);
  }
  return row + "\r\n";
}

} // namespace reverie::gateway
