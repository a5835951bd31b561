#include "actors/domain/effect.hpp"

#include "actors/domain/overloaded.hpp"

namespace reverie::actors {

std::string_view name_of(const any_command& command) {
  return std::visit(
      [](const auto& of_kind) {
        return std::visit([](const auto& one) { return std::string_view(std::decay_t<decltype(one)>::name); }, of_kind);
      },
      command);
}

events::entity_kind kind_of(const any_command& command) {
  return std::visit(overloaded{
                        [](const user::command&) { return events::entity_kind::user; },
                        [](const session::command&) { return events::entity_kind::session; },
                        [](const character::command&) { return events::entity_kind::character; },
                        [](const bond::command&) { return events::entity_kind::bond; },
                    },
                    command);
}

} // namespace reverie::actors
