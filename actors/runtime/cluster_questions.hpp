#pragma once

#include "actors/runtime/interfaces.hpp"
#include "events/codec/fields_json.hpp"

/// What an operator asks of a partition that another node owns, and the answers, as text.
namespace reverie::actors::runtime::cluster {

struct question {
  std::string what; ///< status, effects, retry, stand
  events::partition_number partition{};
  std::optional<events::entity_address> entity; ///< of stand
  events::effect_id effect{};      ///< of retry
  std::uint64_t most = 0;          ///< of effects

  static constexpr auto fields =
      std::tuple{events::field("what", &question::what), events::field("partition", &question::partition), events::field("entity", &question::entity),
                 events::field("effect", &question::effect), events::field("most", &question::most)};
};

std::string text_of(const std::vector<effect_status>& effects);
events::outcome<std::vector<effect_status>> effects_of(std::string_view text);
std::string text_of(const entity_standing& standing);
events::outcome<entity_standing> standing_of(std::string_view text);
std::string text_of(const partition_status& status);
/// Without what only the asking node knows: whether it serves here, and why not.
events::outcome<partition_status> status_of(std::string_view text);

} // namespace reverie::actors::runtime::cluster
