#pragma once

#include "actors/effects/chat_model.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/trace.hpp"

#include <deque>
#include <memory>
#include <string>

namespace reverie::simulation {

/// A model of one process whose words come piece by piece when the schedule lets them: good, slow, failing, or silent until its client's
/// time is over. Each piece begins with the process's name, so that the log shows who made which reply.
class simulated_model : public actors::chat_model {
public:
  simulated_model(std::shared_ptr<chance> draw, std::shared_ptr<trace> said, std::shared_ptr<tests::fake_clock> clock, std::string who)
      : draw_(std::move(draw)), said_(std::move(said)), clock_(std::move(clock)), who_(std::move(who)) {}

  std::shared_ptr<actors::chat_call> start(actors::chat_request request, actors::chat_listener listener) override;
  actors::model_description describe() const override { return {"simulated", "scripted", "", 8192, false}; }

  /// One of the running calls goes on. False when none runs.
  bool go_on();
  /// Ends calls that said nothing for too long, as a client would.
  void give_up_silent();
  /// Every call from now on, and those that run, are answered well.
  void heal();
  void drop_all();
  bool busy() const { return !calls_.empty(); }

  double failing = 0.15; ///< of calls: fail at the start or in the middle
  double silent = 0.05;

private:
  struct call final : actors::chat_call {
    actors::chat_listener listener;
    std::uint64_t number = 0;
    std::size_t pieces_left = 0;
    bool fails = false;
    bool is_silent = false;
    bool ended = false;
    std::string said;
    std::chrono::milliseconds since{};
    void cancel() override;
  };
  void sweep();

  std::shared_ptr<chance> draw_;
  std::shared_ptr<trace> said_;
  std::shared_ptr<tests::fake_clock> clock_;
  std::string who_;
  std::uint64_t last_number_ = 0;
  std::deque<std::shared_ptr<call>> calls_;
};

} // namespace reverie::simulation
