#include "projections/fold/bonds_fold.hpp"
#include "projections/fold/characters_fold.hpp"
#include "projections/fold/conversations_fold.hpp"
#include "projections/fold/forks_fold.hpp"
#include "projections/fold/memories_fold.hpp"
#include "projections/fold/messages_fold.hpp"
#include "projections/fold/users_fold.hpp"

#include <algorithm>

namespace reverie::projections {

std::span<const fold* const> all_folds() {
  static const users_fold users;
  static const characters_fold characters;
  static const conversations_fold conversations;
  static const messages_fold messages;
  static const memories_fold memories;
  static const bonds_fold bonds;
  static const forks_fold forks;
  static const fold* const all[] = {&users, &characters, &conversations, &messages, &memories, &bonds, &forks};
  return all;
}

const fold* find_fold(std::string_view name) {
  const auto all = all_folds();
  const auto at = std::ranges::find(all, name, &fold::name);
  return at == all.end() ? nullptr : *at;
}

} // namespace reverie::projections
