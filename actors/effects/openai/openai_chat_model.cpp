#include "actors/effects/openai/openai_chat_model.hpp"

#include "actors/effects/openai/chat_stream.hpp"

#include <nlohmann/json.hpp>

namespace reverie::actors {

using nlohmann::json;

namespace {

class openai_call final : public chat_call {
public:
  explicit openai_call(std::shared_ptr<http_call> call) : call_(std::move(call)) {}
  ~openai_call() override { call_->cancel(); }
  void cancel() override { call_->cancel(); }

private:
  std::shared_ptr<http_call> call_;
};

} // namespace

std::string chat_request_json(const chat_request& request, const std::string& model) {
  json messages = json::array();
  for (const auto& message : request.messages) messages.push_back({{"role", message.role}, {"content", message.content}});
  json body{{"model", request.model.empty() ? model : request.model},
            {"messages", std::move(messages)},
            {"stream", true},
            {"stream_options", {{"include_usage", true}}},
            {"max_tokens", request.max_tokens}};
  if (request.temperature) body["temperature"] = *request.temperature;
  if (request.top_p) body["top_p"] = *request.top_p;
  if (request.min_p) body["min_p"] = *request.min_p;
  if (request.repeat_penalty) body["repeat_penalty"] = *request.repeat_penalty;
  if (request.seed) body["seed"] = *request.seed;
  if (!request.stop.empty()) body["stop"] = request.stop;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

openai_chat_model::openai_chat_model(std::shared_ptr<http_client> client, model_endpoint endpoint, model_description description)
    : client_(std::move(client)), endpoint_(std::move(endpoint)), description_(std::move(description)) {}

std::shared_ptr<chat_call> openai_chat_model::start(chat_request request, chat_listener listener) {
  auto stream = std::make_shared<chat_stream>(std::move(listener), request.model.empty() ? endpoint_.model : request.model);
  http_post post{endpoint_, "/chat/completions", "text/event-stream", chat_request_json(request, endpoint_.model)};
  return std::make_shared<openai_call>(client_->post(
      std::move(post), {.head = [stream](const http_head& head) { stream->head(head); },
                        .data = [stream](std::string_view bytes) { return stream->data(bytes); },
                        .end = [stream](events::outcome<void> how) { stream->end(std::move(how)); }}));
}

} // namespace reverie::actors
