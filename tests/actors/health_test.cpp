#include "tests/support/actor_world.hpp"

#include "actors/runtime/sealing.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::user::change_profile;
using events::rejection_code;
using fault = events::memory_log::fault;

namespace {

/// The next record of a person's `user` entity as its owner would write it, put into the log past the owner.
events::log_offset write_next_of(actor_world& world, events::user_id user, const std::string& name) {
  using namespace actors::runtime;
  const auto address = user_address(user);
  entity_core core(address);
  events::counting_pair pair;
  for (const auto& each : world.records()) {
    pair = {each.content.headers.epoch, each.content.headers.writer};
    if (each.content.headers.entity != address.entity) continue;
    auto happened = core.read(each, opener_from(*world.keys, key_access::may_block));
    core.apply(each, *happened);
  }
  const std::vector<events::event> happened{events::user::profile_changed{name}};
  auto made = *core.seal(world.to_user(user, change_profile{name}), happened, world.clock->now(), user, world.keys->load(user)->get());
  made.headers.epoch = pair.epoch;
  made.headers.writer = pair.writer;
  return world.log->write_raw({0}, made);
}

} // namespace

TEST(health, a_record_that_cannot_be_read_is_failed_with_its_place_and_said_once) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  const auto place = world.log->write_raw({0}, world.records().back().content);
  world.log->corrupt({{0}, place});
  world.advance(5s);
  EXPECT_FALSE(world.status().serving);
  EXPECT_TRUE(world.status().reason.starts_with("failed")) << world.status().reason;
  EXPECT_NE(world.status().reason.find("offset " + std::to_string(place.value)), std::string::npos) << world.status().reason;
  EXPECT_EQ(process.lines_with("can't be read"), 1U) << world.last_lines();
  auto refused = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  world.run();
  ASSERT_FALSE(refused->only().has_value());
  EXPECT_EQ(refused->only().error().code, rejection_code::unavailable);
  world.advance(60s);
  EXPECT_EQ(process.lines_with("can't be read"), 1U) << world.last_lines();
  EXPECT_EQ(world.log->range({0})->end.value, place.value + 1) << "no fresh epochs are announced for it";
}

TEST(health, a_process_that_starts_on_a_record_that_cannot_be_read_says_so_once) {
  actor_world world;
  auto& first = world.start();
  const auto place = world.records().back().position;
  first.crash();
  world.log->corrupt(place);
  auto& process = world.start_without_state();
  world.advance(60s);
  EXPECT_FALSE(world.status().serving);
  EXPECT_TRUE(world.status().reason.starts_with("failed")) << world.status().reason;
  EXPECT_NE(world.status().reason.find("offset " + std::to_string(place.offset.value)), std::string::npos) << world.status().reason;
  EXPECT_EQ(process.lines_with("can't be read"), 1U) << world.last_lines();
}

TEST(health, fresh_epochs_that_come_to_nothing_are_recovering_few_and_end) {
  actor_world world;
  auto& process = world.start();
  const auto ada = world.register_person();
  for (int i = 0; i < 40; ++i) world.log->next_append_meets(fault::lose_record);
  const auto said_before = process.lines.size();
  auto asked = world.submit(process, world.to_user(ada, change_profile{"Ada L"}));
  world.advance(20s);
  EXPECT_FALSE(world.status().serving);
  EXPECT_TRUE(world.status().reason.starts_with("recovering")) << world.status().reason;
  EXPECT_LT(process.lines.size() - said_before, 12U) << world.last_lines();
  EXPECT_EQ(asked->answers.size(), 1U);
  world.advance(30min);
  EXPECT_TRUE(world.status().serving) << world.last_lines();
  EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada M"})).has_value());
}

TEST(health, a_record_whose_key_cannot_be_had_for_a_while_waits_and_parks_nobody) {
  for (bool live : {true, false}) {
    actor_world world;
    world.keys = std::make_shared<events::memory_key_ring>(std::make_shared<events::memory_wrapped_key_store>(), 1);
    world.start();
    const auto ada = world.register_person("Ada");
    if (!live) world.advance(events::limits::entity_idle_ms + 1s);
    const auto bob = world.register_person("Bob");
    write_next_of(world, ada, "Ada Lovelace");
    ASSERT_TRUE(world.keys->load(bob).has_value()); // the only one in memory
    world.keys->vault().set_away(true);
    world.advance(5s);
    EXPECT_EQ(world.status().parked_entities, 0U) << world.last_lines();
    EXPECT_TRUE(world.ask(world.to_user(bob, change_profile{"Bob L"})).has_value()) << "the rest goes on";
    EXPECT_FALSE(world.state_of(user_address(ada)).empty()) << "who looks is told";
    world.keys->vault().set_away(false);
    world.advance(30s);
    EXPECT_EQ(world.status().parked_entities, 0U) << world.last_lines();
    EXPECT_NE(world.state_of(user_address(ada)).find("Lovelace"), std::string::npos) << (live ? "live" : "loaded");
    EXPECT_TRUE(world.ask(world.to_user(ada, change_profile{"Ada M"})).has_value());
  }
}

TEST(health, many_records_flow_on_while_one_waits_for_its_key) {
  actor_world world;
  world.keys = std::make_shared<events::memory_key_ring>(std::make_shared<events::memory_wrapped_key_store>(), 1);
  world.start();
  const auto ada = world.register_person("Ada"), bob = world.register_person("Bob");
  write_next_of(world, ada, "Ada Lovelace");
  ASSERT_TRUE(world.keys->load(bob).has_value());
  world.keys->vault().set_away(true);
  world.run();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(world.ask(world.to_user(bob, change_profile{"Bob " + std::to_string(i)})).has_value()) << i;
}

} // namespace reverie::tests
