#pragma once

#include "events/model/failure.hpp"
#include "events/model/session_events.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::actors {

/// One message of a prompt, in the roles of the OpenAI convention: system, user, assistant.
struct prompt_message {
  std::string role;
  std::string content;
  friend bool operator==(const prompt_message&, const prompt_message&) = default;
};

/// A request to a model. Sampling values that are absent are left to the endpoint.
struct chat_request {
  std::vector<prompt_message> messages;
  std::uint32_t max_tokens = 512;
  std::optional<double> temperature, top_p, min_p, repeat_penalty;
  std::vector<std::string> stop;
  std::optional<std::uint64_t> seed;
  std::string model = {}; ///< another one than the endpoint's own, by name; empty: its own
};

struct chat_result {
  std::string content;
  std::string finish_reason; ///< stop or length
  std::string model;
  events::session::token_usage usage;
};

/// Receives a reply as it comes. Called in order, on a thread of the model client; exactly one of done and failed is called, last.
struct chat_listener {
  std::function<void(std::string piece)> piece;
  std::function<void(chat_result)> done;
  std::function<void(events::failure)> failed;
};

/// A running request; dropping it or calling cancel closes the upstream connection; `failed(cancelled)` follows unless it had ended.
class chat_call {
public:
  virtual ~chat_call() = default;
  virtual void cancel() = 0;
};

/// What a model can do, for prompt shape, the page and /health.
struct model_description {
  std::string name;
  std::string kind; ///< starter, scripted, external
  std::string note; ///< a sentence for the user ("connect your own: REVERIE_MODEL_URL")
  std::size_t context_tokens = 8192;
  bool small = false; ///< gets the short prompt shape that small models can follow
};

/// Port of the generation effect. Implementations: any OpenAI-compatible endpoint, the scripted responder, fakes in tests. Thread-safe.
class chat_model {
public:
  virtual ~chat_model() = default;
  virtual std::shared_ptr<chat_call> start(chat_request request, chat_listener listener) = 0;
  virtual model_description describe() const = 0;
};

} // namespace reverie::actors
