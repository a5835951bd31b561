#include "actors/runtime/generation_actor.hpp"

namespace reverie::actors::runtime {

generation_handle::behavior_type generation_actor::make_behavior() {
  return {
      [](const begin_generation&) {},
      [](const prompt_gathered&) {},
      [](const model_spoke&) {},
      [](const model_done&) {},
      [](const stop_generation& message) {
        message.done(std::unexpected(events::rejection{events::rejection_code::not_found, "No reply is being made.", {}, std::nullopt}));
      },
      [](const reply_settled&) {},
      [](const retry_generation&) {},
      [this](const stop_generations&) { quit(); },
  };
}

} // namespace reverie::actors::runtime
