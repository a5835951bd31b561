#pragma once

#include "events/model/failure.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reverie::ops {

/// One row of the table from which flag (`--model-url`), variable (`REVERIE_MODEL_URL`), key in reverie.toml (`model_url`), `--help`
/// and the page in docs come.
struct setting {
  enum class kind { text, number, on_off, secret };

  std::string_view name; ///< with hyphens, units last
  kind type;
  std::string_view default_value;
  std::int64_t min = 0, max = 0; ///< of a number
  std::string_view meaning;
};

std::span<const setting> all_settings();

/// Where a value came from, in the order of who wins.
enum class setting_source { flag, variable, file, built_in };

struct setting_value {
  std::string text;
  setting_source source = setting_source::built_in;
};

/// All settings with their values: flag, then variable, then file, then default.
class settings {
public:
  /// `flags` by name; `variable(name)` reads the environment; `file` is the text of reverie.toml (empty: none). A name nobody knows, a
  /// value out of bounds, a secret among the flags: `malformed` with a sentence that names it.
  static events::outcome<settings> resolve(const std::map<std::string, std::string>& flags,
                                           const std::function<std::optional<std::string>(const std::string&)>& variable,
                                           std::string_view file);

  const std::string& text(std::string_view name) const;
  std::int64_t number(std::string_view name) const;
  bool on(std::string_view name) const;
  std::chrono::milliseconds milliseconds(std::string_view name) const { return std::chrono::milliseconds(number(name)); }
  const std::map<std::string, setting_value, std::less<>>& values() const { return values_; }

private:
  std::map<std::string, setting_value, std::less<>> values_;
};

std::string variable_of(const setting& row); ///< REVERIE_MODEL_URL
std::string file_key_of(const setting& row); ///< model_url

/// The table as Markdown, for docs/OPERATING.md.
std::string settings_markdown();

} // namespace reverie::ops
