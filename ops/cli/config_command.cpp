#include "ops/cli/commands.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reverie::ops {

namespace {

std::string_view name_of(setting_source source) {
  switch (source) {
  case setting_source::flag: return "flag";
  case setting_source::variable: return "variable";
  case setting_source::file: return "file";
  case setting_source::built_in: return "default";
  }
  return "";
}

} // namespace

exit_code run_config(const settings& given, const config_options& how, bool json) {
  if (how.markdown) {
    std::fputs(settings_markdown().c_str(), stdout);
    return exit_code::done;
  }
  auto listed = nlohmann::ordered_json::object();
  for (const auto& row : all_settings()) {
    const auto& value = given.values().find(row.name)->second;
    bool hidden = row.type == setting::kind::secret && !value.text.empty();
    std::string shown = hidden ? "(set)" : value.text;
    if (json) listed[std::string(row.name)] = {{"value", shown}, {"source", name_of(value.source)}};
    else std::printf("%-32s %-28s %s\n", std::string(row.name).c_str(), shown.c_str(), std::string(name_of(value.source)).c_str());
  }
  if (json) std::puts(listed.dump(2).c_str());
  return exit_code::done;
}

} // namespace reverie::ops
