#include "gateway/wire/json_input.hpp"

#include "gateway/wire/text_checks.hpp"

namespace reverie::gateway {

using nlohmann::json;

bool nests_within(std::string_view text, std::size_t depth_max) noexcept {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > depth_max) return false;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return true;
}

bool is_json(std::string_view text) noexcept { return json::accept(text.begin(), text.end()); }

std::optional<json> parse_json(std::string_view text) {
  if (!nests_within(text, json_depth_max)) return std::nullopt;
  auto parsed = json::parse(text.begin(), text.end(), nullptr, false);
  if (parsed.is_discarded()) return std::nullopt;
  return parsed;
}

result<json> parse_object(std::string_view text) {
  auto parsed = parse_json(text);
  if (!parsed) return std::unexpected(validation_error("The body is not JSON.", "body"));
  if (!parsed->is_object()) return std::unexpected(validation_error("The body must be a JSON object.", "body"));
  return std::move(*parsed);
}

result<std::optional<std::string>> optional_text(const json& object, const char* field, std::size_t bytes_max) {
  auto found = object.find(field);
  if (found == object.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) return std::unexpected(validation_error("This must be a string.", field));
  const auto& text = found->get_ref<const std::string&>();
  if (auto checked = check_text(text, bytes_max, field); !checked) return std::unexpected(std::move(checked.error()));
  return text;
}

result<std::string> required_text(const json& object, const char* field, std::size_t bytes_max) {
  auto text = optional_text(object, field, bytes_max);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text || (*text)->empty()) return std::unexpected(validation_error("This field is required.", field));
  return std::move(**text);
}

result<std::optional<events::uuid>> optional_uuid(const json& object, const char* field) {
  auto text = optional_text(object, field, 64);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text || (*text)->empty()) return std::nullopt;
  auto id = events::parse_uuid(**text);
  if (!id) return std::unexpected(validation_error("This must be a UUID.", field));
  return id;
}

result<events::uuid> required_uuid(const json& object, const char* field) {
  auto id = optional_uuid(object, field);
  if (!id) return std::unexpected(std::move(id.error()));
  if (!*id) return std::unexpected(validation_error("This field is required.", field));
  return **id;
}

} // namespace reverie::gateway
