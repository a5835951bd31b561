#include "ops/server/logging.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <atomic>

namespace reverie::ops {

namespace {

std::atomic<bool> as_json = false;

template <class Fields>
void write(std::string_view level, std::string_view message, const Fields& fields) {
  auto rank = spdlog::level::from_str(std::string(level));
  if (!spdlog::should_log(rank)) return;
  std::string line(message);
  if (as_json) {
    nlohmann::ordered_json object{{"message", message}};
    for (const auto& [name, value] : fields) object[std::string(name)] = value;
    line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    line.erase(0, 1); // the pattern writes the opening brace, with time and level
  } else {
    for (const auto& [name, value] : fields) line.append("  ").append(name).append("=").append(value);
  }
  spdlog::log(rank, "{}", line);
}

} // namespace

bool start_logging(std::string_view level, std::string_view format) {
  auto rank = spdlog::level::from_str(level == "warn" ? "warning" : std::string(level));
  bool known = level == "off" || rank != spdlog::level::off;
  if (!known || (format != "json" && format != "text" && format != "auto")) return false;
  auto logger = spdlog::stderr_logger_mt("reverie");
  spdlog::set_default_logger(logger);
  as_json = format == "json" || (format == "auto" && ::isatty(2) == 0);
  spdlog::set_pattern(as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)" : "%H:%M:%S.%e %^%-5l%$ %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(rank);
  return true;
}

void log(std::string_view level, std::string_view message, std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  write(level == "warn" ? "warning" : level, message, fields);
}

void log_fields(std::string_view level, std::string_view message, const std::pair<std::string, std::string>* fields, std::size_t count) {
  struct view {
    const std::pair<std::string, std::string>* first;
    std::size_t count;
    const std::pair<std::string, std::string>* begin() const { return first; }
    const std::pair<std::string, std::string>* end() const { return first + count; }
  };
  write(level == "warn" ? "warning" : level, message, view{fields, count});
}

} // namespace reverie::ops
