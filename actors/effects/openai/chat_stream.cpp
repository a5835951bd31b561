#include "actors/effects/openai/chat_stream.hpp"

#include "events/model/limits.hpp"

#include <nlohmann/json.hpp>

namespace reverie::actors {

using events::failure_code;
using nlohmann::json;

namespace {

constexpr std::size_t error_body_bytes = 4096;

std::string text_at(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::uint32_t count_at(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint32_t>() : 0;
}

} // namespace

bool chat_stream::data(std::string_view bytes) {
  if (head_.status != 200) {
    error_body_.append(bytes.substr(0, error_body_bytes - std::min(error_body_bytes, error_body_.size())));
    return true;
  }
  auto fed = parser_.feed(bytes, [this](std::string_view data) { take(data); });
  if (!fed) problem_ = events::failure{failure_code::malformed, fed.error().message, std::nullopt};
  return !problem_;
}

void chat_stream::take(std::string_view data) {
  if (problem_) return;
  heard_ = true;
  if (data == "[DONE]") {
    finished_ = true;
    return;
  }
  take_chunk(data);
}

void chat_stream::take_chunk(std::string_view text) {
  auto chunk = json::parse(text, nullptr, false);
  if (!chunk.is_object()) {
    problem_ = events::failure{failure_code::malformed, "the model sent a chunk that is no JSON object", std::nullopt};
    return;
  }
  if (auto error = chunk.find("error"); error != chunk.end() && error->is_object()) {
    problem_ = events::failure{failure_code::unavailable, "the model stopped with an error", std::nullopt};
    return;
  }
  if (auto name = text_at(chunk, "model"); !name.empty()) result_.model = name;
  if (auto usage = chunk.find("usage"); usage != chunk.end() && usage->is_object())
    result_.usage = {count_at(*usage, "prompt_tokens"), count_at(*usage, "completion_tokens")};
  auto choices = chunk.find("choices");
  if (choices == chunk.end() || !choices->is_array() || choices->empty() || !choices->front().is_object()) return;
  const auto& choice = choices->front();
  if (auto delta = choice.find("delta"); delta != choice.end() && delta->is_object()) {
    auto piece = text_at(*delta, "content");
    std::erase(piece, '\0'); // no text of the server holds U+0000: no table could keep it
    if (result_.content.size() + piece.size() > events::limits::reply_bytes) {
      result_.finish_reason = "length";
      finished_ = true;
      return;
    }
    if (!piece.empty() && result_.finish_reason.empty()) {
      result_.content += piece;
      listener_.piece(std::move(piece));
    }
  }
  if (auto reason = text_at(choice, "finish_reason"); !reason.empty() && result_.finish_reason.empty()) {
    result_.finish_reason = reason == "length" ? "length" : "stop";
    finished_ = true;
  }
}

events::failure chat_stream::refused() const {
  std::string message = "the model endpoint answered " + std::to_string(head_.status);
  bool passing = head_.status == 408 || head_.status == 429 || head_.status >= 500;
  events::failure why{passing ? failure_code::unavailable : failure_code::locked, std::move(message), std::nullopt};
  if (passing && head_.retry_after.count() > 0) why.retry_after = head_.retry_after;
  return why;
}

void chat_stream::end(events::outcome<void> how) {
  if (problem_) return listener_.failed(*problem_);
  if (!how && !finished_) return listener_.failed(how.error());
  if (head_.status != 200) return listener_.failed(refused());
  if (!heard_) return listener_.failed({failure_code::malformed, "the model's answer was no stream of events", std::nullopt});
  if (!finished_) return listener_.failed({failure_code::unavailable, "the model's stream ended in the middle", std::nullopt});
  if (result_.content.find_first_not_of(" \t\r\n") == std::string::npos)
    return listener_.failed({failure_code::malformed, "the model said nothing", std::nullopt});
  if (result_.finish_reason.empty()) result_.finish_reason = "stop";
  listener_.done(std::move(result_));
}

} // namespace reverie::actors
