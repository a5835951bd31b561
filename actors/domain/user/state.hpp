#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <string>
#include <vector>

namespace reverie::actors::user {

/// A person, as far as decisions need to know: empty until registered.
struct state {
  bool registered = false;
  events::user_id id{};
  std::string email;
  std::string display_name;
  std::vector<std::string> roles;

  static constexpr std::uint32_t schema_version = 1;
  static constexpr auto fields =
      std::tuple{events::field("registered", &state::registered), events::field("user_id", &state::id),
                 events::field("email", &state::email), events::field("name", &state::display_name),
                 events::field("roles", &state::roles)};
  friend bool operator==(const state&, const state&) = default;
};

} // namespace reverie::actors::user
