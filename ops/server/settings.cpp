#include "ops/server/settings.hpp"

#include "events/model/assert.hpp"

#include <toml++/toml.hpp>

#include <algorithm>
#include <charconv>

namespace reverie::ops {

using events::fail;
using events::failure_code;

namespace {

const setting* find_setting(std::string_view name) {
  auto found = std::ranges::find(all_settings(), name, &setting::name);
  return found == all_settings().end() ? nullptr : &*found;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> switch_of(std::string_view text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  return std::nullopt;
}

events::outcome<void> check(const setting& row, const std::string& text) {
  if (row.type == setting::kind::number) {
    auto value = number_of(text);
    if (!value || *value < row.min || *value > row.max)
      return fail(failure_code::malformed, std::string(row.name) + " must be a number from " + std::to_string(row.min) + " to " +
                                               std::to_string(row.max) + ", not '" + text + "'");
  }
  if (row.type == setting::kind::on_off && !switch_of(text))
    return fail(failure_code::malformed, std::string(row.name) + " must be true or false, not '" + text + "'");
  return {};
}

/// Key and value of each entry of the file; only plain values are settings.
events::outcome<std::map<std::string, std::string>> read_file(std::string_view file) {
  std::map<std::string, std::string> found;
  try {
    for (const auto& [key, node] : toml::parse(file)) {
      if (auto text = node.value_exact<std::string>()) found[std::string(key.str())] = *text;
      else if (auto number = node.value_exact<std::int64_t>()) found[std::string(key.str())] = std::to_string(*number);
      else if (auto flag = node.value_exact<bool>()) found[std::string(key.str())] = *flag ? "true" : "false";
      else return fail(failure_code::malformed, "reverie.toml: '" + std::string(key.str()) + "' must be a text, a whole number or true/false");
    }
  } catch (const toml::parse_error& error) {
    return fail(failure_code::malformed, "reverie.toml, line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
  return found;
}

std::string with(std::string text, char from, char to) {
  std::ranges::replace(text, from, to);
  return text;
}

} // namespace

std::string variable_of(const setting& row) {
  std::string name = "REVERIE_" + with(std::string(row.name), '-', '_');
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return row.name == "model-name" ? "REVERIE_MODEL" : row.name == "model" ? "REVERIE_MODEL_ENABLED" : name;
}

std::string file_key_of(const setting& row) { return with(std::string(row.name), '-', '_'); }

events::outcome<settings> settings::resolve(const std::map<std::string, std::string>& flags,
                                            const std::function<std::optional<std::string>(const std::string&)>& variable,
                                            std::string_view file) {
  auto from_file = read_file(file);
  if (!from_file) return std::unexpected(from_file.error());
  for (const auto& [key, value] : *from_file)
    if (!find_setting(with(key, '_', '-'))) return fail(failure_code::malformed, "reverie.toml: there is no setting '" + key + "'");
  for (const auto& [name, value] : flags) {
    const auto* row = find_setting(name);
    if (!row) return fail(failure_code::malformed, "there is no setting '" + name + "'");
    if (row->type == setting::kind::secret)
      return fail(failure_code::malformed, name + " is a secret: set it by " + variable_of(*row) + " or in reverie.toml, not by a flag");
  }
  settings resolved;
  for (const auto& row : all_settings()) {
    setting_value value{std::string(row.default_value), setting_source::built_in};
    if (auto found = from_file->find(file_key_of(row)); found != from_file->end()) value = {found->second, setting_source::file};
    if (auto found = variable(variable_of(row))) value = {*found, setting_source::variable};
    if (auto found = flags.find(std::string(row.name)); found != flags.end()) value = {found->second, setting_source::flag};
    if (auto checked = check(row, value.text); !checked) return std::unexpected(checked.error());
    resolved.values_.emplace(row.name, std::move(value));
  }
  return resolved;
}

const std::string& settings::text(std::string_view name) const {
  auto found = values_.find(name);
  REVERIE_ASSERT(found != values_.end(), "asked for a setting that is not in the table");
  return found->second.text;
}

std::int64_t settings::number(std::string_view name) const { return number_of(text(name)).value(); }
bool settings::on(std::string_view name) const { return switch_of(text(name)).value(); }

std::string settings_markdown() {
  std::string page = "| flag | variable | in `reverie.toml` | default | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& row : all_settings()) {
    std::string flag = row.type == setting::kind::secret ? "–" : "`--" + std::string(row.name) + "`";
    std::string bounds = row.type == setting::kind::number ? " (" + std::to_string(row.min) + " to " + std::to_string(row.max) + ")" : "";
    page += "| " + flag + " | `" + variable_of(row) + "` | `" + file_key_of(row) + "` | " +
            (row.default_value.empty() ? "" : "`" + std::string(row.default_value) + "`") + " | " + std::string(row.meaning) + bounds + " |\n";
  }
  return page;
}

} // namespace reverie::ops
