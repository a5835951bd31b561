#pragma once

#include "actors/domain/bond/commands.hpp"
#include "actors/effects/prompt/prompt_builder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

namespace reverie::tests {

namespace prompt = actors::prompt;

inline events::uuid test_number(std::uint64_t number) { return events::derive_uuid("test", {}, {}, number); }

inline prompt::turn user_turn(std::uint64_t id, std::string text) { return {{test_number(id)}, actors::session::role::user, std::move(text)}; }
inline prompt::turn character_turn(std::uint64_t id, std::string text) {
  return {{test_number(id)}, actors::session::role::character, std::move(text)};
}

inline actors::recalled_memory remembered(std::uint64_t id, std::string text, double score, std::uint64_t source = 0) {
  actors::recalled_memory memory;
  memory.memory = {test_number(id)};
  memory.kind = "fact";
  memory.text = std::move(text);
  memory.score = score;
  if (source != 0) memory.sources = {{test_number(source)}};
  return memory;
}

inline prompt::inputs mira_and_tom() {
  prompt::inputs from;
  from.card.name = "Mira";
  from.card.description = "{{char}} keeps the lighthouse and likes {{user}}.";
  from.user_name = "Tom";
  from.turns = {user_turn(1, "What's my dog called?")};
  from.model.name = "test";
  return from;
}

inline std::string all_text(const prompt::built& made) {
  std::string all;
  for (const auto& message : made.request.messages) all += message.role + ": " + message.content + "\n";
  return all;
}

/// Pieces of a kind in the manifest, kept or cut.
inline std::size_t pieces(const prompt::built& made, std::string_view kind, bool kept) {
  const auto account = nlohmann::json::parse(made.manifest_json);
  return static_cast<std::size_t>(std::ranges::count_if(account["pieces"], [&](const nlohmann::json& piece) {
    return piece["kind"].get<std::string>() == kind && piece["kept"].get<bool>() == kept;
  }));
}

} // namespace reverie::tests
