#pragma once

#include "actors/effects/chat_model.hpp"
#include "actors/effects/openai/http_client.hpp"

namespace reverie::actors {

/// Any OpenAI-compatible chat endpoint, streamed. Failures: `unavailable` (not reached, 408, 429, 5xx; retry_after as the endpoint
/// said), `timed_out`, `malformed` (the answer is no such stream, or empty), `locked` (refused for good), `cancelled`.
class openai_chat_model final : public chat_model {
public:
  openai_chat_model(std::shared_ptr<http_client> client, model_endpoint endpoint, model_description description);

  std::shared_ptr<chat_call> start(chat_request request, chat_listener listener) override;
  model_description describe() const override { return description_; }

private:
  std::shared_ptr<http_client> client_;
  model_endpoint endpoint_;
  model_description description_;
};

/// The JSON body of a streamed request; pure.
std::string chat_request_json(const chat_request& request, const std::string& model);

} // namespace reverie::actors
