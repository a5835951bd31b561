#pragma once

#include "gateway/wire/api_error.hpp"

#include "events/model/ids.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// Deepest nesting that is read; deeper JSON is refused before it is parsed.
inline constexpr std::size_t json_depth_max = 64;

/// Whether brackets outside of strings nest no deeper than `depth_max`.
bool nests_within(std::string_view json, std::size_t depth_max) noexcept;

/// Whether a text is JSON, however deep it nests. Takes no more memory than a bit a level.
bool is_json(std::string_view text) noexcept;

/// Parses untrusted JSON: strict UTF-8, bounded depth. Nothing when it is not JSON.
std::optional<nlohmann::json> parse_json(std::string_view text);

/// A body that must be a JSON object.
result<nlohmann::json> parse_object(std::string_view text);

/// A text field that must be there and not empty, checked as all text is.
result<std::string> required_text(const nlohmann::json& object, const char* field, std::size_t bytes_max);
/// A text field that may be absent or null.
result<std::optional<std::string>> optional_text(const nlohmann::json& object, const char* field, std::size_t bytes_max);
/// A UUID field that may be absent, null or (as in real clients) empty.
result<std::optional<events::uuid>> optional_uuid(const nlohmann::json& object, const char* field);
result<events::uuid> required_uuid(const nlohmann::json& object, const char* field);

} // namespace reverie::gateway
