#include "actors/domain/user/decide.hpp"

#include "actors/domain/overloaded.hpp"
#include "actors/domain/text_rules.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <array>

namespace reverie::actors::user {
namespace {

namespace limits = events::limits;

constexpr std::array<std::string_view, 3> known_roles{"user", "operator", "admin"};

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != std::string_view::npos) return false;
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
}

std::optional<rejection> refuse_roles(const std::vector<std::string>& roles) {
  for (auto at = roles.begin(); at != roles.end(); ++at) {
    if (std::ranges::find(known_roles, std::string_view(*at)) == known_roles.end())
      return rejection{rejection_code::validation_error, "A role is one of user, operator, admin.", "roles"};
    if (std::find(roles.begin(), at, *at) != at)
      return rejection{rejection_code::validation_error, "A role is named twice.", "roles"};
  }
  return std::nullopt;
}

bool is_other(const decision_context& context) {
  return !context.caller.is_nil() && context.caller.value != context.self.entity.id;
}

std::unexpected<rejection> unknown_user() { return reject(rejection_code::not_found, "There is no such user."); }

decision decide_one(const state& now, const register_user& asked, const decision_context& context) {
  if (is_other(context)) return unknown_user();
  if (auto refused = refuse_text(asked.email, limits::email_bytes, "The e-mail address", "email")) return std::unexpected(*refused);
  if (!is_email(asked.email))
    return reject(rejection_code::validation_error, "The e-mail address has the shape name@place.", "email");
  if (auto refused = refuse_text(asked.display_name, limits::name_bytes, "The name", "name")) return std::unexpected(*refused);
  if (auto refused = refuse_roles(asked.roles)) return std::unexpected(*refused);
  if (now.registered) {
    if (now.email == asked.email) return accepted{{}, now.id.value};
    return reject(rejection_code::conflict, "This user is registered with another e-mail address.");
  }
  auto roles = asked.roles.empty() ? std::vector<std::string>{"user"} : asked.roles;
  return accepted{{events::user::registered{{context.self.entity.id}, asked.email, asked.display_name, std::move(roles)}},
                  context.self.entity.id};
}

decision decide_one(const state& now, const change_profile& asked, const decision_context& context) {
  if (!now.registered || is_other(context)) return unknown_user();
  if (auto refused = refuse_text(asked.display_name, limits::name_bytes, "The name", "name")) return std::unexpected(*refused);
  if (asked.display_name == now.display_name) return accepted{{}, now.id.value};
  return accepted{{events::user::profile_changed{asked.display_name}}, now.id.value};
}

decision decide_one(const state& now, const change_roles& asked, const decision_context& context) {
  if (!now.registered) return unknown_user();
  if (!context.caller.is_nil())
    return reject(rejection_code::permission_denied, "Roles are given by the operator, not by the user.");
  if (asked.roles.empty()) return reject(rejection_code::validation_error, "At least one role is needed.", "roles");
  if (auto refused = refuse_roles(asked.roles)) return std::unexpected(*refused);
  if (asked.roles == now.roles) return accepted{{}, now.id.value};
  return accepted{{events::user::roles_changed{asked.roles}}, now.id.value};
}

} // namespace

decision decide(const state& now, const command& asked, const decision_context& context) {
  return std::visit([&](const auto& one) { return decide_one(now, one, context); }, asked);
}

} // namespace reverie::actors::user
