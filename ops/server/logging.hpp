#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace reverie::ops {

/// Sets up the process's log on standard error. `format`: json (one object a line), text, or auto (text on a terminal).
/// False when level or format is not known.
bool start_logging(std::string_view level, std::string_view format);

/// Writes one line: a sentence and named fields. Ids and counts may stand in it; what a person wrote or is called never does.
void log(std::string_view level, std::string_view message, std::initializer_list<std::pair<std::string_view, std::string>> fields = {});
void log_fields(std::string_view level, std::string_view message, const std::pair<std::string, std::string>* fields, std::size_t count);

} // namespace reverie::ops
