#include "actors/domain/user/state.hpp"
#include "events/model/limits.hpp"
#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

namespace limits = events::limits;
using actors::user::change_profile;
using actors::user::change_roles;
using actors::user::command;
using actors::user::register_user;
using events::rejection_code;

given_when_then a_stranger() { return given_when_then{{{events::entity_kind::user, test_id(1)}, test_id(1)}}; }

given_when_then ada() {
  auto person = a_stranger();
  person.given({events::user::registered{{test_id(1)}, "ada@example.org", "Ada", {"user"}}});
  return person;
}

TEST(user, is_registered_once_with_the_role_of_a_user) {
  auto person = a_stranger();
  person.when(command{register_user{"ada@example.org", "Ada", {}}}).then<events::user::registered>();
  EXPECT_EQ(person.event<events::user::registered>(),
            (events::user::registered{{test_id(1)}, "ada@example.org", "Ada", {"user"}}));
  EXPECT_EQ(person.subject(), test_id(1));
}

TEST(user, who_is_registered_again_with_the_same_address_is_so_already) {
  ada().when(command{register_user{"ada@example.org", "Ada", {}}}).then_nothing();
  ada().when(command{register_user{"eve@example.org", "Ada", {}}}).then_rejected(rejection_code::conflict);
}

TEST(user, needs_an_email_address_of_the_right_shape_and_length) {
  const std::string at_limit = std::string(limits::email_bytes - 4, 'a') + "@b.c";
  a_stranger().when(command{register_user{at_limit, "Ada", {}}}).then<events::user::registered>();
  for (const std::string& email : {std::string{}, std::string("ada"), std::string("@b"), std::string("a@"), std::string("a@b@c"),
                                   std::string("a b@c"), std::string("a\n@c"), std::string("a\0b@c", 5), at_limit + "d"})
    a_stranger().when(command{register_user{email, "Ada", {}}}).then_rejected(rejection_code::validation_error, "email");
}

TEST(user, needs_a_name_of_at_most_the_limit) {
  a_stranger().when(command{register_user{"a@b", std::string(limits::name_bytes, 'n'), {}}}).then<events::user::registered>();
  for (const std::string& name : {std::string{}, std::string(limits::name_bytes + 1, 'n'), std::string("a\0b", 3), std::string("\xFF")})
    a_stranger().when(command{register_user{"a@b", name, {}}}).then_rejected(rejection_code::validation_error, "name");
}

TEST(user, changes_the_own_name_but_nobody_elses) {
  ada().by({test_id(1)}).when(command{change_profile{"Ada L."}}).then<events::user::profile_changed>();
  ada().by({test_id(1)}).when(command{change_profile{"Ada"}}).then_nothing();
  ada().by({test_id(2)}).when(command{change_profile{"Eve"}}).then_rejected(rejection_code::not_found);
  a_stranger().when(command{change_profile{"Ada"}}).then_rejected(rejection_code::not_found);
}

TEST(user, gets_known_roles_from_the_system_alone) {
  auto person = ada();
  person.when(command{change_roles{{"user", "operator"}}}).then<events::user::roles_changed>();
  EXPECT_EQ(person.state<actors::user::state>().roles, (std::vector<std::string>{"user", "operator"}));
  ada().by({test_id(1)}).when(command{change_roles{{"admin"}}}).then_rejected(rejection_code::permission_denied);
  ada().when(command{change_roles{{"king"}}}).then_rejected(rejection_code::validation_error, "roles");
  ada().when(command{change_roles{{"user", "user"}}}).then_rejected(rejection_code::validation_error, "roles");
  ada().when(command{change_roles{{}}}).then_rejected(rejection_code::validation_error, "roles");
  ada().when(command{change_roles{{"user"}}}).then_nothing();
}

} // namespace
} // namespace reverie::tests
