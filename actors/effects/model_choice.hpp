#pragma once

#include "actors/effects/chat_model.hpp"

namespace reverie::actors {

/// The server's model, with the built-in responder beside it: a request that names `scripted` goes there, all others to the model, which
/// takes another name as its endpoint does. Thread-safe.
class model_choice final : public chat_model {
public:
  model_choice(std::shared_ptr<chat_model> own, std::shared_ptr<chat_model> scripted) : own_(std::move(own)), scripted_(std::move(scripted)) {}

  std::shared_ptr<chat_call> start(chat_request request, chat_listener listener) override {
    auto& asked = request.model == scripted_->describe().name ? scripted_ : own_;
    return asked->start(std::move(request), std::move(listener));
  }
  model_description describe() const override { return own_->describe(); }

private:
  std::shared_ptr<chat_model> own_, scripted_;
};

} // namespace reverie::actors
