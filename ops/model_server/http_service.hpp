#pragma once

#include "ops/model_server/chat_model.hpp"
#include "ops/model_server/embedding_model.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace reverie::model_server {

/// The models that were loaded; each may be absent.
struct models {
  std::unique_ptr<chat_model> chat;
  std::unique_ptr<embedding_model> embedding;
};

/// The HTTP side, on 127.0.0.1 alone: /health, /v1/models, /v1/chat/completions, /v1/embeddings.
class http_service {
public:
  explicit http_service(models& served);
  ~http_service();
  http_service(const http_service&) = delete;
  http_service& operator=(const http_service&) = delete;

  /// Takes the port (0: any free one) and gives the one that was taken; none when somebody else has it.
  std::optional<std::uint16_t> bind(std::uint16_t port);
  /// Serves until stop().
  void run();
  /// Ends what is being written and makes run() return. From any thread.
  void stop();

private:
  struct routes;
  std::unique_ptr<routes> routes_;
};

} // namespace reverie::model_server
