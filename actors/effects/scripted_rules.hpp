#pragma once

#include "actors/effects/chat_model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors {

/// What the scripted responder reads out of a prompt.
struct scripted_scene {
  std::string character;              ///< from "You are …"; "I" when the card's own prompt does not say
  std::string user;                   ///< empty when not said
  std::string about;                  ///< first sentence of what the prompt says of the character
  std::vector<std::string> memories;  ///< lines of the marked block, best first
  std::vector<std::string> said;      ///< earlier messages of the user in this conversation, newest first
  std::string question;               ///< the messages to be answered
};

scripted_scene scene_of(const chat_request& request);

/// The reply by pattern rules; `draw` chooses between phrases of the same meaning. Pure.
std::string scripted_reply(const scripted_scene& scene, std::uint64_t draw);

} // namespace reverie::actors
