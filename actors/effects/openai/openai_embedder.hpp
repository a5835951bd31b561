#pragma once

#include "actors/effects/embedder.hpp"
#include "actors/effects/openai/http_client.hpp"

namespace reverie::actors {

/// Any OpenAI-compatible embeddings endpoint. `embed` blocks the caller's thread until the answer or a time-out; vectors are
/// normalised to length 1. An answer with another count or dimension is `malformed`.
class openai_embedder final : public embedder {
public:
  openai_embedder(std::shared_ptr<http_client> client, model_endpoint endpoint, std::size_t dimension);

  std::string model() const override { return endpoint_.model; }
  std::size_t dimension() const override { return dimension_; }
  events::outcome<std::vector<std::vector<float>>> embed(const std::vector<std::string>& texts) override;

private:
  std::shared_ptr<http_client> client_;
  model_endpoint endpoint_;
  std::size_t dimension_;
};

/// Reads the body of an embeddings answer; pure.
events::outcome<std::vector<std::vector<float>>> parse_embeddings(std::string_view body, std::size_t count, std::size_t dimension);

} // namespace reverie::actors
