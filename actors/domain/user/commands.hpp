#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <string>
#include <variant>
#include <vector>

namespace reverie::actors::user {

using events::field;

struct register_user {
  static constexpr std::string_view name = "user.register";
  std::string email;
  std::string display_name;
  std::vector<std::string> roles;
  static constexpr auto fields = std::tuple{field("email", &register_user::email), field("name", &register_user::display_name),
                                            field("roles", &register_user::roles)};
};

struct change_profile {
  static constexpr std::string_view name = "user.change_profile";
  std::string display_name;
  static constexpr auto fields = std::tuple{field("name", &change_profile::display_name)};
};

struct change_roles {
  static constexpr std::string_view name = "user.change_roles";
  std::vector<std::string> roles;
  static constexpr auto fields = std::tuple{field("roles", &change_roles::roles)};
};

using command = std::variant<register_user, change_profile, change_roles>;

} // namespace reverie::actors::user
