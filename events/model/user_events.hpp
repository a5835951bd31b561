#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <string>
#include <vector>

/// What can happen to a `user`. Numbers 100 to 199.
namespace reverie::events::user {

/// The person exists. Read back, it turns the vault's pending account into an active one.
struct registered {
  static constexpr std::string_view name = "user.registered";
  static constexpr unsigned number = 100, version = 1;

  user_id user;
  std::string email;
  std::string display_name;
  std::vector<std::string> roles; ///< user, operator, admin

  static constexpr auto fields = std::tuple{field("user_id", &registered::user), personal("email", &registered::email),
                                            personal("name", &registered::display_name),
                                            field("roles", &registered::roles)};
  friend bool operator==(const registered&, const registered&) = default;
};

struct profile_changed {
  static constexpr std::string_view name = "user.profile_changed";
  static constexpr unsigned number = 101, version = 1;

  std::string display_name;

  static constexpr auto fields = std::tuple{personal("name", &profile_changed::display_name)};
  friend bool operator==(const profile_changed&, const profile_changed&) = default;
};

struct roles_changed {
  static constexpr std::string_view name = "user.roles_changed";
  static constexpr unsigned number = 102, version = 1;

  std::vector<std::string> roles;

  static constexpr auto fields = std::tuple{field("roles", &roles_changed::roles)};
  friend bool operator==(const roles_changed&, const roles_changed&) = default;
};

} // namespace reverie::events::user
