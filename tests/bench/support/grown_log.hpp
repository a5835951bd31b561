#pragma once

#include "actors/effects/scripted_responder.hpp"
#include "tests/bench/support/actor_server.hpp"

#include <cstdint>
#include <memory>

namespace reverie::bench {

struct growth {
  std::size_t people = 200, characters = 10;
  std::uint64_t events_min = 1'000'000;
  std::size_t turns_in_a_row = 50; ///< then the person goes on with the next character
};

/// Answers by rules from the last few turns alone: what is measured is what comes out, not how long prompts are made.
class forgetful_model final : public actors::chat_model {
public:
  std::shared_ptr<actors::chat_call> start(actors::chat_request request, actors::chat_listener listener) override {
    return rules_.start(std::move(request), std::move(listener));
  }
  actors::model_description describe() const override {
    auto told = rules_.describe();
    told.context_tokens = 512;
    return told;
  }

private:
  actors::scripted_responder rules_;
};

/// Lets people talk with characters on the given server, as fast as it goes, until that many events have happened; its model has to answer
/// by itself. Returns how many happened to people, their sessions and bonds.
std::uint64_t grow_log(actor_server& server, const growth& how);

} // namespace reverie::bench
