#include "ops/model_server/chat_request.hpp"

#include "ops/model_server/limits.hpp"

#include <nlohmann/json.hpp>

#include <format>
#include <utility>

namespace reverie::model_server {

namespace {

using nlohmann::json;

/// The field, or null when it is absent or null: both mean the default.
const json* given(const json& body, const char* name) {
  const auto found = body.find(name);
  return found == body.end() || found->is_null() ? nullptr : &*found;
}

/// Reads the fields of a body one by one and keeps the first error.
class field_reader {
public:
  explicit field_reader(const json& body) : body_(body) {}

  template <typename number>
  void number_between(const char* name, double smallest, double largest, number& target) {
    const json* field = given(body_, name);
    if (field == nullptr) return;
    const bool right_type = std::is_integral_v<number> ? field->is_number_integer() : field->is_number();
    const double value = right_type ? field->get<double>() : 0.0;
    if (!right_type || value < smallest || value > largest) {
      fail(name, std::format("{} must be a number from {} to {}", name, smallest, largest));
      return;
    }
    target = static_cast<number>(value);
  }

  void flag(const json& object, const char* name, bool& target) {
    const json* field = given(object, name);
    if (field == nullptr) return;
    if (!field->is_boolean()) {
      fail(name, std::string(name) + " must be true or false");
      return;
    }
    target = field->get<bool>();
  }

  void fail(std::string param, std::string message) {
    if (!error_) error_ = invalid_field(std::move(param), std::move(message));
  }

  const json& body() const { return body_; }
  const std::optional<api_error>& error() const { return error_; }

private:
  const json& body_;
  std::optional<api_error> error_;
};

/// The text of a message: a string, or a list of parts that are all text.
std::optional<std::string> read_content(const json& message) {
  const json* content = given(message, "content");
  if (content == nullptr) return std::nullopt;
  if (content->is_string()) return content->get<std::string>();
  if (!content->is_array()) return std::nullopt;
  std::string text;
  for (const json& part : *content) {
    if (!part.is_object() || part.value("type", json()) != "text") return std::nullopt;
    const json* piece = given(part, "text");
    if (piece == nullptr || !piece->is_string()) return std::nullopt;
    text += piece->get_ref<const std::string&>();
  }
  return text;
}

void read_messages(field_reader& reader, std::vector<chat_message>& messages) {
  const json* list = given(reader.body(), "messages");
  if (list == nullptr || !list->is_array() || list->empty() || list->size() > limits::messages_per_request) {
    reader.fail("messages", std::format("messages must be a list of 1 to {} messages", limits::messages_per_request));
    return;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json& message = (*list)[i];
    const std::string place = std::format("messages[{}]", i);
    if (!message.is_object()) return reader.fail(place, place + " must be an object");
    const json* role = given(message, "role");
    std::string name = role != nullptr && role->is_string() ? role->get<std::string>() : std::string();
    if (name == "developer") name = "system";
    if (name != "system" && name != "user" && name != "assistant") {
      return reader.fail(place + ".role", "role must be system, developer, user or assistant");
    }
    std::optional<std::string> content = read_content(message);
    if (!content) return reader.fail(place + ".content", "content must be a text or a list of texts");
    messages.push_back({std::move(name), std::move(*content)});
  }
}

void read_stop(field_reader& reader, std::vector<std::string>& stop) {
  const json* field = given(reader.body(), "stop");
  if (field == nullptr) return;
  const json list = field->is_array() ? *field : json::array({*field});
  if (list.size() > limits::stop_texts) {
    return reader.fail("stop", std::format("stop may name up to {} texts", limits::stop_texts));
  }
  for (const json& text : list) {
    if (!text.is_string() || text.get_ref<const std::string&>().empty() ||
        text.get_ref<const std::string&>().size() > limits::stop_text_bytes) {
      return reader.fail("stop", std::format("a stop text has 1 to {} bytes", limits::stop_text_bytes));
    }
    stop.push_back(text.get<std::string>());
  }
}

void read_sampling(field_reader& reader, sampling& how) {
  reader.number_between("temperature", 0, 2, how.temperature);
  reader.number_between("top_p", 0, 1, how.top_p);
  reader.number_between("min_p", 0, 1, how.min_p);
  reader.number_between("top_k", 0, 100'000, how.top_k);
  reader.number_between("repeat_penalty", 0.1, 10, how.repeat_penalty);
  reader.number_between("repeat_last_n", 0, 4096, how.repeat_last_n);
  reader.number_between("frequency_penalty", -2, 2, how.frequency_penalty);
  reader.number_between("presence_penalty", -2, 2, how.presence_penalty);
  if (given(reader.body(), "seed") != nullptr) {
    std::int64_t seed = 0;
    reader.number_between("seed", -9007199254740992.0, 9007199254740992.0, seed);
    how.seed = static_cast<std::uint32_t>(static_cast<std::uint64_t>(seed) & 0xFFFF'FFFFU);
  }
}

} // namespace

api_result<chat_request> read_chat_request(const json& body) {
  if (!body.is_object()) return std::unexpected(api_error{.message = "the body must be a JSON object"});
  field_reader reader(body);
  chat_request request;
  read_messages(reader, request.messages);
  read_sampling(reader, request.how);
  read_stop(reader, request.stop);
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    if (given(body, name) == nullptr) continue;
    std::uint32_t tokens = 1;
    reader.number_between(name, 1, 1'000'000, tokens);
    request.max_tokens = tokens;
  }
  std::uint32_t choices = 1;
  reader.number_between("n", 1, 1, choices);
  reader.flag(body, "stream", request.stream);
  if (const json* stream_options = given(body, "stream_options")) {
    if (!stream_options->is_object()) {
      reader.fail("stream_options", "stream_options must be an object");
    } else {
      reader.flag(*stream_options, "include_usage", request.usage_in_stream);
    }
  }
  if (reader.error()) return std::unexpected(*reader.error());
  return request;
}

} // namespace reverie::model_server
