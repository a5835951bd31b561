#include "actors/runtime/partition_actor.hpp"

#include <utility>

/// Answers that no record proves. An owner that was cut off decides from what it knew then, and does not know that it is no owner any more:
/// what it accepts is never read back, but a refusal needs no record. So a refusal (and "there is nothing to do") is given only when the log
/// was read up to where it ended after the decision, and nobody else was announced before that place. One question is under way at a time,
/// for all that came before it (docs/decisions/0015).
namespace reverie::actors::runtime {

namespace {

constexpr std::chrono::milliseconds asked_again{500};

/// What a stored record says stays true, and what may pass says nothing about how things stand.
bool needs_proof(const command_outcome& result) {
  return result ? !result->changed && !result->repeated : !passes_by_itself(result.error().code);
}

} // namespace

void partition_actor::answer_when_sure(const command_ptr& command, command_outcome result) {
  if (!needs_proof(result) || services_->ports.planted.refuse_unproven) return finish(command, result);
  unproven_.push_back({command, std::move(result)});
  ask_log_end();
}

void partition_actor::ask_log_end() {
  if (unproven_.empty() || asking_end_ || services_->ports.clock->steady() < ask_end_at_) return;
  asking_end_ = true;
  ask_end_at_ = {};
  asked_for_ = std::exchange(unproven_, {});
  auto tell = [self = caf::actor_cast<partition_handle>(this), question = ++end_question_](events::outcome<events::log_range> range) {
    caf::anon_send(self, log_end_told{question, std::make_shared<const events::outcome<events::log_range>>(std::move(range))});
  };
  services_->work([log = services_->ports.log, partition = partition_, tell] { tell(log->range(partition)); },
                  [tell](const events::failure& why) { tell(std::unexpected(why)); });
}

/// Who asked is told that it takes too long, when the log can't say where it ends.
void partition_actor::take_log_end(const log_end_told& message) {
  if (!asking_end_ || message.question != end_question_) return;
  asking_end_ = false;
  if (const auto& range = *message.range) {
    sure_at_.emplace_back(range->end, std::exchange(asked_for_, {}));
    answer_sure();
    read_on();
  } else {
    unproven_.insert(unproven_.end(), std::make_move_iterator(asked_for_.begin()), std::make_move_iterator(asked_for_.end()));
    asked_for_.clear();
    ask_end_at_ = services_->ports.clock->steady() + asked_again;
  }
  ask_log_end();
}

/// An announcement by somebody else would have made an end of all of them before this place was reached.
void partition_actor::answer_sure() {
  while (!sure_at_.empty() && sure_at_.front().first <= next_offset_) {
    const auto sure = std::move(sure_at_.front().second);
    sure_at_.pop_front();
    for (const auto& each : sure)
      if (auto found = commands_.find(each.command->ledger); found != commands_.end() && found->second == each.command)
        finish(each.command, each.result);
  }
}

} // namespace reverie::actors::runtime
