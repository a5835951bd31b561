#pragma once

#include "actors/effects/fact_extractor.hpp"
#include "actors/effects/openai/http_client.hpp"

namespace reverie::actors {

/// Has a chat model behind any OpenAI-compatible endpoint look for facts. An answer that streams, though none was asked for, is
/// `malformed` at once.
class openai_fact_extractor final : public fact_extractor {
public:
  openai_fact_extractor(std::shared_ptr<http_client> client, model_endpoint endpoint);

  /// `model:<name>#<version of the question>`
  std::string name() const override;
  std::shared_ptr<chat_call> extract(extraction_request request, extraction_callback done) override;

private:
  std::shared_ptr<http_client> client_;
  model_endpoint endpoint_;
};

} // namespace reverie::actors
