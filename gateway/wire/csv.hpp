#pragma once

#include <string>
#include <vector>

namespace reverie::gateway {

/// One row of a CSV table (RFC 4180: CRLF at its end, cells with separators, quotes or breaks in quotes). A cell that a spreadsheet would
/// take for a formula (it begins with = + - @, a tab or a carriage return) gets a leading apostrophe. Pure.
std::string csv_row(const std::vector<std::string>& cells);

} // namespace reverie::gateway
