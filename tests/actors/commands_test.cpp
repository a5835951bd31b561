#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

TEST(commands, a_person_registers_and_the_answer_names_her_and_the_place_in_the_log) {
  actor_world world;
  world.start();
  ASSERT_TRUE(world.status().serving) << world.status().reason;
  const events::user_id ada{world.fresh_id()};
  auto made = world.ask(world.to_user(ada, actors::user::register_user{"ada@example.org", "Ada", {"user"}}));
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(made->subject, ada.value);
  EXPECT_TRUE(made->changed);
  EXPECT_FALSE(made->repeated);
  EXPECT_EQ(world.records().at(made->position.offset.value).content.headers.entity, user_address(ada).entity);
  EXPECT_NE(world.state_of(user_address(ada)).find("Ada"), std::string::npos);
}

} // namespace reverie::tests
