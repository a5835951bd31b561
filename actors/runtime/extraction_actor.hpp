#pragma once

#include "actors/effects/extraction_inputs.hpp"
#include "actors/runtime/node_services.hpp"

#include <deque>
#include <map>
#include <random>
#include <unordered_map>

namespace reverie::actors::runtime {

/// Has a model look at what people said (ports.facts). The turns of one conversation one after another, in the order they were said;
/// those of others at the same time. A turn that no model could look at goes on without: then the rules look. The partition delivers
/// the command; until it is done the effect stays pending, and the next owner begins anew.
class extraction_actor final : public extraction_handle::base {
public:
  extraction_actor(caf::actor_config& config, std::shared_ptr<node_services> services);
  extraction_handle::behavior_type make_behavior() override;
  void on_exit() override;

private:
  enum class stage : std::uint8_t { queued, gathering, asking, waiting };
  struct extraction {
    std::shared_ptr<const begun_effect> effect;
    stage at = stage::queued;
    std::uint32_t step = 0; ///< what belongs to an earlier one is not heard any more
    std::uint32_t tries = 0;
    std::shared_ptr<const extraction_inputs> inputs;
    std::shared_ptr<chat_call> call;
  };
  /// What waits of one conversation, by the place of its cause.
  struct conversation_turns {
    std::map<events::sequence_number, events::effect_id> turns;
    bool busy = false; ///< one of them is being looked at, or the conversation waits for its turn
  };

  template <class Message>
  auto guarded(void (extraction_actor::*handle)(const Message&));
  void begin(const begin_extraction& message);
  void start_next();
  void gather(extraction& one);
  void take_inputs(const extraction_gathered& message);
  void ask(extraction& one);
  void take_result(const extraction_done& message);
  void take_due(const extraction_due& message);
  void leave_to_rules(const begun_effect& effect, const events::failure& why);
  void deliver(const begun_effect& effect, std::optional<bond::turn_extraction> found);
  void drop(events::effect_id id);
  void abandon(events::effect_id id, const events::failure& why);
  void stop_all();
  extraction* found(events::effect_id id, std::uint32_t step);

  std::shared_ptr<node_services> services_;
  std::unordered_map<events::effect_id, extraction> turns_;
  std::unordered_map<events::session_id, conversation_turns> conversations_;
  std::deque<events::session_id> ready_;
  std::size_t running_ = 0;
  std::uint32_t last_step_ = 0;
  std::minstd_rand random_{11};
};

} // namespace reverie::actors::runtime
