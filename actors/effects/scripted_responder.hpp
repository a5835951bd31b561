#pragma once

#include "actors/effects/chat_model.hpp"

#include <functional>

namespace reverie::actors {

/// Runs a job later, in order, on a thread of the caller's choice.
using job_poster = std::function<void(std::function<void()>)>;

/// A chat model without a model: answers by pattern rules from the character's name, what the prompt says of them, the memories marked in it
/// and what was said before. Deterministic: the same request gives the same reply. It says what it is. Thread-safe.
///
/// Without a poster the whole reply comes from inside `start`; with one, each piece is a job of its own, so that a call can be cancelled
/// between two words.
class scripted_responder final : public chat_model {
public:
  explicit scripted_responder(job_poster post = {}) : post_(std::move(post)) {}

  std::shared_ptr<chat_call> start(chat_request request, chat_listener listener) override;
  model_description describe() const override;

private:
  job_poster post_;
};

} // namespace reverie::actors
