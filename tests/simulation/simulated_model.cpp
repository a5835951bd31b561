#include "tests/simulation/simulated_model.hpp"

#include <algorithm>

namespace reverie::simulation {

using events::failure_code;

namespace {
constexpr std::chrono::milliseconds patience{30'000};
}

void simulated_model::call::cancel() {
  if (ended) return;
  ended = true;
  listener.failed({failure_code::cancelled, "cancelled", std::nullopt});
}

std::shared_ptr<actors::chat_call> simulated_model::start(actors::chat_request, actors::chat_listener listener) {
  auto made = std::make_shared<call>();
  made->listener = std::move(listener);
  made->number = ++last_number_;
  made->pieces_left = 1 + draw_->below(4);
  made->fails = draw_->happens(failing);
  made->is_silent = !made->fails && draw_->happens(silent);
  made->since = clock_->steady();
  calls_.push_back(made);
  said_->say(who_, "asks its model, call " + std::to_string(made->number) + (made->fails ? ", which will fail" : made->is_silent ? ", which stays silent" : ""));
  return made;
}

void simulated_model::sweep() {
  std::erase_if(calls_, [](const auto& each) { return each->ended; });
}

bool simulated_model::go_on() {
  sweep();
  std::vector<std::shared_ptr<call>> able;
  for (const auto& each : calls_)
    if (!each->is_silent) able.push_back(each);
  if (able.empty()) return false;
  auto& one = *draw_->one_of(able);
  const auto label = "call " + std::to_string(one.number);
  if (one.fails && draw_->happens(0.5)) {
    one.ended = true;
    constexpr failure_code codes[] = {failure_code::unavailable, failure_code::timed_out, failure_code::malformed, failure_code::locked};
    said_->say(who_, label + " of its model fails");
    one.listener.failed({codes[draw_->below(std::size(codes))], "the simulated model fails", std::nullopt});
  } else if (one.pieces_left > 0) {
    --one.pieces_left;
    const auto piece = (one.said.empty() ? "~" + who_ + "~ " : std::string{}) + "word" + std::to_string(one.pieces_left) + " ";
    one.said += piece;
    one.listener.piece(piece);
  } else {
    one.ended = true;
    said_->say(who_, label + " of its model is done");
    one.listener.done({one.said, "stop", "simulated", {10, 5}});
  }
  sweep();
  return true;
}

void simulated_model::give_up_silent() {
  for (auto all = calls_; const auto& each : all) {
    if (each->ended || !each->is_silent || clock_->steady() - each->since < patience) continue;
    each->ended = true;
    said_->say(who_, "call " + std::to_string(each->number) + " of its model said nothing for too long");
    each->listener.failed({failure_code::timed_out, "the simulated model is silent", std::nullopt});
  }
  sweep();
}

void simulated_model::heal() {
  failing = silent = 0;
  for (const auto& each : calls_) each->fails = each->is_silent = false;
}

void simulated_model::drop_all() { calls_.clear(); }

} // namespace reverie::simulation
