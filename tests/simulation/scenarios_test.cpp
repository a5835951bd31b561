#include "tests/simulation/log_truth.hpp"
#include "tests/simulation/simulated_process.hpp"

#include <gtest/gtest.h>

/// What seeds of the simulation found, each as a schedule of its own: a change of the simulation's draws does not lose them.
namespace reverie::simulation {

using namespace std::chrono_literals;

namespace {

/// Processes on one log of one partition, run by hand.
class stage {
public:
  stage() {
    world.draw = std::make_shared<chance>(1);
    world.clock = std::make_shared<tests::fake_clock>();
    world.said = std::make_shared<trace>(world.clock);
    world.vault = std::make_shared<events::memory_wrapped_key_store>();
    world.door = std::make_shared<vault_door>(world.vault);
    world.log = std::make_shared<events::memory_log>(1);
    truth = std::make_unique<log_truth>(world.log, world.vault);
  }

  simulated_process& start(const log_weather& weather = {}) {
    machines.push_back(std::make_unique<machine>());
    machines.back()->name = "node" + std::to_string(machines.size());
    processes.push_back(std::make_unique<simulated_process>(world, *machines.back(), weather, std::vector<events::partition_number>{{0}}));
    return *processes.back();
  }
  /// One process alone, until it has nothing to do.
  void run(simulated_process& one) {
    for (int i = 0; i < 3; ++i) {
      one.look();
      while (one.step()) {}
    }
  }
  void pass(std::chrono::milliseconds by) {
    for (; by > 0ms; by -= 200ms) {
      world.clock->advance(200ms);
      for (const auto& each : processes) {
        each->keep_time();
        run(*each);
      }
    }
  }
  std::shared_ptr<std::optional<actors::command_outcome>> submit(simulated_process& to, events::entity_address target, actors::any_command command) {
    auto answer = std::make_shared<std::optional<actors::command_outcome>>();
    to.node->submit({{events::derive_uuid("scenario", user.value, {}, ++ids)}, {}, user, target, std::move(command), {}},
                    [answer](actors::command_outcome heard) { *answer = std::move(heard); });
    return answer;
  }
  std::shared_ptr<std::optional<actors::command_outcome>> register_user(simulated_process& to) {
    return submit(to, tests::user_address(user), actors::user::command{actors::user::register_user{"ada@example.org", "Ada", {"user"}}});
  }

  shared_world world;
  std::unique_ptr<log_truth> truth;
  events::user_id user{events::derive_uuid("user", {})};
  events::character_id character{events::derive_uuid("character", {})};
  std::uint64_t ids = 0;
  std::vector<std::unique_ptr<machine>> machines;
  std::vector<std::unique_ptr<simulated_process>> processes;
};

} // namespace

TEST(scenarios, a_slice_map_that_the_full_disk_refused_is_appended_again) { // seed 237
  stage on;
  auto& process = on.start();
  for (int i = 0; i < 1'000 && on.world.log->range({0})->end.value == 0; ++i) process.step(); // up to its announcement
  process.log->weather.refuse = 1;
  on.run(process);
  EXPECT_FALSE(process.serves({0})) << "nobody can be found without it";
  process.log->weather.refuse = 0;
  on.pass(2s);
  EXPECT_TRUE(process.serves({0}));
  const auto answer = on.register_user(process);
  on.run(process);
  ASSERT_TRUE(*answer);
  EXPECT_TRUE(answer->value().has_value()) << answer->value().error().message;
}

TEST(scenarios, an_attempt_that_the_owner_began_is_not_begun_by_who_is_about_to_take_over) { // seeds 1209, 1321
  stage on;
  auto& owner = on.start();
  on.run(owner);
  (void)on.register_user(owner);
  on.run(owner);
  const auto opened = on.submit(owner, tests::bond_address(on.user, on.character), actors::bond::command{actors::bond::open_conversation{on.user, on.character, 1, ""}});
  on.run(owner);
  ASSERT_TRUE(*opened && opened->value());
  auto& successor = on.start({.delay_record = 1}); // its announcement is on its way
  on.run(successor);
  const auto sent = on.submit(owner, tests::session_address(on.user, {opened->value()->subject}), actors::session::command{actors::session::send_message{"Hello", {}}});
  on.run(owner);
  ASSERT_TRUE(*sent && sent->value());
  EXPECT_TRUE(owner.model->busy());
  on.run(successor); // reads the start of the reply, which counts, before its own announcement
  EXPECT_FALSE(successor.model->busy()) << "it does not own the partition";
  successor.log->weather = {};
  successor.log->deliver_all();
  on.run(successor);
  on.run(owner);
  on.pass(1s);
  ASSERT_TRUE(successor.serves({0}));
  ASSERT_TRUE(successor.model->busy());
  for (int i = 0; i < 20; ++i) {
    successor.model->go_on();
    on.run(successor);
  }
  EXPECT_TRUE(on.truth->read_on().empty());
  std::vector<std::pair<std::uint32_t, std::string>> ends;
  for (const auto& record : on.truth->counted({0}))
    for (const auto& each : record.happened)
      if (const auto* done = std::get_if<events::session::reply_completed>(&each.payload)) ends.emplace_back(done->attempt, done->content.substr(0, 7));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends.front(), (std::pair<std::uint32_t, std::string>{2, "~node2."}));
}

TEST(scenarios, a_zombie_refuses_nothing_from_stale_state) { // found by thinking, not by a seed
  stage on;
  auto& zombie = on.start();
  on.run(zombie);
  auto& owner = on.start();
  on.run(owner); // the zombie has not looked at the log since
  const auto registered = on.register_user(owner);
  on.run(owner);
  ASSERT_TRUE(*registered && registered->value());
  const auto change = [&] { return actors::user::command{actors::user::change_profile{"Ada L"}}; };
  const auto asked = on.submit(zombie, tests::user_address(on.user), change());
  while (zombie.step()) {}
  EXPECT_TRUE(!*asked || (!asked->value() && asked->value().error().code == events::rejection_code::unavailable)) << "it knows of no such person";
  on.run(zombie);
  ASSERT_TRUE(*asked);
  EXPECT_EQ(asked->value().error().code, events::rejection_code::unavailable);
  EXPECT_FALSE(zombie.serves({0}));
  const auto again = on.submit(owner, tests::user_address(on.user), change());
  on.run(owner);
  ASSERT_TRUE(*again);
  EXPECT_TRUE(again->value().has_value());
}

TEST(scenarios, a_partition_given_back_and_taken_again_while_it_catches_up_knows_the_epochs_between) { // seed 1015
  stage on;
  auto& first = on.start();
  on.run(first);
  first.node->release({0});
  on.run(first);
  first.node->acquire({0}); // a recovery is asked for, and not yet looked at when the partition goes away and comes again
  for (int i = 0; i < 2; ++i) first.step();
  auto& second = on.start();
  on.run(second);
  first.node->release({0});
  first.node->acquire({0});
  on.run(first);
  on.pass(3s);
  first.node->acquire({0});
  on.pass(3s);
  EXPECT_TRUE(on.truth->read_on().empty());
  const auto answer = on.register_user(first);
  on.run(first);
  ASSERT_TRUE(*answer);
  if (answer->value()) {
    EXPECT_TRUE(on.truth->read_on().empty());
    EXPECT_NE(on.truth->counted_at(answer->value()->position), nullptr) << "acknowledged, and does not count";
  }
}

} // namespace reverie::simulation
