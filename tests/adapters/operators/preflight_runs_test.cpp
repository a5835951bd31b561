#include "ops/operator/preflight_runs.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <latch>

namespace reverie::tests {
namespace {

using gateway::document;

/// A log that nobody can read before it is let go.
class held_log : public events::event_log {
public:
  explicit held_log(events::event_log& inner) : inner_(inner) {}
  std::uint32_t partitions() const override { return inner_.partitions(); }
  void append(events::partition_number partition, events::record content, append_done done) override { inner_.append(partition, std::move(content), std::move(done)); }
  events::outcome<events::log_range> range(events::partition_number partition) override {
    free.wait();
    return inner_.range(partition);
  }
  events::outcome<std::unique_ptr<events::log_reader>> reader(events::partition_number partition, events::log_offset from) override { return inner_.reader(partition, from); }
  events::outcome<void> reset_writer(events::partition_number partition) override { return inner_.reset_writer(partition); }
  void close() override {}

  std::latch free{1};

private:
  events::event_log& inner_;
};

struct preflight : testing::Test {
  test_database database;
  talking_world world;
  conversation talk{world, world.add_user("Anna"), world.add_character("Mira")};
  held_log log{world.log};
  projections::bulk_source source{database.conninfo(), log, world.keys};
  ops::preflight_runs looks{source};
  const projections::fold& messages = *projections::find_fold("messages");
  const projections::fold& bonds = *projections::find_fold("bonds");

  void SetUp() override {
    for (int i = 0; i < 10; ++i) talk.say("turn " + std::to_string(i));
    auto connected = database.connect();
    for (const auto* each : projections::all_folds()) ASSERT_TRUE(projections::ensure_schema(connected, *each, log.partitions()));
  }
  static std::string state_of(const gateway::result<document>& answered) {
    return answered ? (*answered)["state"].get<std::string>() : "refused: " + answered.error().message;
  }
};

TEST_F(preflight, is_begun_and_looked_at_until_it_has_read_the_whole_log) {
  EXPECT_EQ(state_of(looks.view_of("messages")), "never");
  EXPECT_EQ(state_of(looks.begin(messages)), "running");
  EXPECT_EQ(state_of(looks.begin(messages)), "running") << "the same one";
  EXPECT_TRUE(looks.view_of("messages")["age_s"].is_null());
  log.free.count_down();
  ASSERT_TRUE(looks.wait_until_idle(30s));
  const auto view = looks.view_of("messages");
  EXPECT_EQ(state_of(view), "done") << view.dump();
  EXPECT_EQ(view["done"], view["total"]);
  EXPECT_EQ(view["found"]["records"], view["done"]);
  EXPECT_GT(view["found"]["rows_estimate"].get<int>(), 0);
  EXPECT_TRUE(view["age_s"].is_number());
}

TEST_F(preflight, of_another_projection_waits_for_its_turn) {
  EXPECT_EQ(state_of(looks.begin(messages)), "running");
  const auto other = looks.begin(bonds);
  log.free.count_down();
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().status, 409);
  ASSERT_TRUE(looks.wait_until_idle(30s));
  EXPECT_EQ(state_of(looks.begin(bonds)), "running");
  ASSERT_TRUE(looks.wait_until_idle(30s));
}

TEST_F(preflight, that_is_cancelled_ends_and_can_be_begun_anew) {
  EXPECT_EQ(state_of(looks.begin(messages)), "running");
  EXPECT_EQ(state_of(looks.cancel("messages")), "running") << "until it hears";
  log.free.count_down();
  ASSERT_TRUE(looks.wait_until_idle(30s));
  EXPECT_EQ(state_of(looks.view_of("messages")), "cancelled");
  EXPECT_TRUE(looks.view_of("messages")["found"].is_null());
  EXPECT_EQ(looks.cancel("messages").error().status, 409);
  EXPECT_EQ(state_of(looks.begin(messages)), "running");
  ASSERT_TRUE(looks.wait_until_idle(30s));
  EXPECT_EQ(state_of(looks.view_of("messages")), "done");
}

TEST_F(preflight, leaves_the_samples_of_another_process_alone) {
  log.free.count_down();
  auto elsewhere = database.connect();
  const auto lock = projections::advisory_lock::try_now(elsewhere, "preflight");
  ASSERT_TRUE(lock);
  EXPECT_EQ(state_of(looks.begin(messages)), "running");
  ASSERT_TRUE(looks.wait_until_idle(30s));
  EXPECT_EQ(looks.view_of("messages")["problem"], "another pre-flight is under way");
}

TEST_F(preflight, that_fails_says_why) {
  log.free.count_down();
  database.connect().run_script("ALTER SCHEMA runner RENAME TO hidden").value();
  EXPECT_EQ(state_of(looks.begin(messages)), "running");
  ASSERT_TRUE(looks.wait_until_idle(30s));
  EXPECT_EQ(state_of(looks.view_of("messages")), "failed");
  EXPECT_FALSE(looks.view_of("messages")["problem"].is_null());
}

} // namespace
} // namespace reverie::tests
