#pragma once

#include "actors/effects/generation_inputs.hpp"
#include "actors/effects/generation_rules.hpp"
#include "actors/effects/prompt/first_sentences.hpp"
#include "actors/runtime/node_services.hpp"

#include <deque>
#include <random>
#include <unordered_map>

namespace reverie::actors::runtime {

/// Makes the replies of this node: gathers what a prompt needs from the entities it concerns and from memory, asks the model, passes
/// pieces on, and ends each attempt by a command to its session. Pieces are never stored: an attempt that is interrupted by a crash is
/// started again by the next owner.
class generation_actor final : public generation_handle::base {
public:
  generation_actor(caf::actor_config& config, std::shared_ptr<node_services> services);
  generation_handle::behavior_type make_behavior() override;
  void on_exit() override;

private:
  enum class stage : std::uint8_t { queued, gathering, streaming, waiting, ending };
  struct generation {
    begun_effect effect;
    generate_reply wanted;
    stage at = stage::queued;
    generation_inputs inputs;
    std::uint32_t gathering = 0;
    std::size_t parts_missing = 0;
    std::shared_ptr<chat_call> call;
    std::uint32_t call_number = 0;
    std::uint32_t tries = 0;
    std::uint32_t step = 0; ///< of the delayed retry that counts
    bool streamed = false;
    bool broken = false;    ///< a handler threw for it: ended as failed, and dropped if that throws too
    prompt::sentence_limiter limiter{0};
    std::string model; ///< that was asked
    std::string manifest;
    std::vector<events::memory_id> recalled;
    command_envelope end; ///< the command that ends the attempt
    std::uint32_t end_tries = 0;
    answer_callback stop_done;
  };

  // generation_actor.cpp: from wish to model and back
  template <class Message>
  auto guarded(void (generation_actor::*handle)(const Message&));
  void fail_broken(events::message_id reply, const events::failure& why);
  void drop(events::message_id reply);
  void begin(const begin_generation& message);
  void start_next();
  void ask_model(generation& one);
  void take_piece(const model_spoke& message);
  void take_result(const model_done& message);
  void complete(generation& one, std::string content, std::string finish_reason, std::string model,
                events::session::token_usage usage);
  void try_again_or_fail(generation& one, const events::failure& why);
  void end_with(generation& one, session::command command, events::command_id id);
  void submit_end(generation& one);
  void take_settled(const reply_settled& message);
  void stop_one(const stop_generation& message);
  void retry(const retry_generation& message);
  void stop_all();
  void drop_all_of(events::partition_number partition);
  void drop_call(generation& one);
  void wait_and_retry(generation& one, std::chrono::milliseconds wait);
  double jitter();

  // generation_gathering.cpp: what the prompt is made of
  void gather(generation& one);
  void gather_rest(generation& one);
  void ask_memory(generation& one);
  void take_part(const prompt_gathered& message);
  template <class State>
  void look_at(generation& one, const events::entity_address& entity,
               std::function<std::function<void(generation_inputs&)>(const State&)> take);

  std::shared_ptr<node_services> services_;
  std::unordered_map<events::message_id, generation> replies_;
  std::unordered_map<events::session_id, events::message_id> of_session_;
  std::deque<events::message_id> queue_;
  std::size_t running_ = 0;
  std::uint32_t last_number_ = 0; ///< of a call, a gathering or a step; never given twice, so nothing late is taken for another attempt's
  std::minstd_rand random_{7};
};

} // namespace reverie::actors::runtime
