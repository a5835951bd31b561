#include "ops/model_server/chat_response.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace reverie::model_server {

namespace {

using nlohmann::json;

std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json usage_fields(const token_usage& usage) {
  return {{"prompt_tokens", usage.prompt},
          {"completion_tokens", usage.completion},
          {"total_tokens", usage.prompt + usage.completion},
          {"prompt_tokens_details", {{"cached_tokens", usage.cached}}}};
}

json chunk(const std::string& id, const std::string& model, std::int64_t created, json choices) {
  return {{"id", id},
          {"object", "chat.completion.chunk"},
          {"created", created},
          {"model", model},
          {"choices", std::move(choices)}};
}

json choice(json delta, json finish_reason) {
  return json::array({{{"index", 0}, {"delta", std::move(delta)}, {"logprobs", nullptr}, {"finish_reason", std::move(finish_reason)}}});
}

} // namespace

chat_response::chat_response(std::string id, std::string model, std::int64_t created_unix_s, bool usage_in_stream)
    : id_(std::move(id)), model_(std::move(model)), created_unix_s_(created_unix_s), usage_in_stream_(usage_in_stream) {}

std::string chat_response::first_chunk() const {
  json value = chunk(id_, model_, created_unix_s_, choice({{"role", "assistant"}, {"content", ""}}, nullptr));
  if (usage_in_stream_) value["usage"] = nullptr;
  return text_of(value);
}

std::string chat_response::text_chunk(std::string_view text) const {
  json value = chunk(id_, model_, created_unix_s_, choice({{"content", text}}, nullptr));
  if (usage_in_stream_) value["usage"] = nullptr;
  return text_of(value);
}

std::string chat_response::last_chunk(std::string_view finish_reason) const {
  json value = chunk(id_, model_, created_unix_s_, choice(json::object(), finish_reason));
  if (usage_in_stream_) value["usage"] = nullptr;
  return text_of(value);
}

std::string chat_response::usage_chunk(const token_usage& usage) const {
  json value = chunk(id_, model_, created_unix_s_, json::array());
  value["usage"] = usage_fields(usage);
  return text_of(value);
}

std::string chat_response::whole(std::string_view text, std::string_view finish_reason, const token_usage& usage) const {
  return text_of({{"id", id_},
                  {"object", "chat.completion"},
                  {"created", created_unix_s_},
                  {"model", model_},
                  {"choices", json::array({{{"index", 0},
                                            {"message", {{"role", "assistant"}, {"content", text}, {"refusal", nullptr}}},
                                            {"logprobs", nullptr},
                                            {"finish_reason", finish_reason}}})},
                  {"usage", usage_fields(usage)}});
}

std::string as_event(std::string_view data) { return "data: " + std::string(data) + "\n\n"; }

} // namespace reverie::model_server
