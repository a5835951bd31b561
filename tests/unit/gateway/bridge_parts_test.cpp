#include "gateway/bridge/blocking_pool.hpp"
#include "gateway/bridge/bounded_map.hpp"
#include "gateway/bridge/command_gate.hpp"
#include "gateway/bridge/opening_watch.hpp"
#include "gateway/bridge/own_writes.hpp"
#include "gateway/bridge/throttle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>

namespace reverie::gateway {
namespace {

using std::chrono::milliseconds;

TEST(token_bucket, fills_evenly_and_says_how_long_to_wait) {
  token_bucket bucket;
  events::timestamp now{milliseconds{1'000}};
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(bucket.take(60, now));
  EXPECT_EQ(bucket.take(60, now), milliseconds{1000});
  EXPECT_EQ(bucket.take(60, now + milliseconds{400}), milliseconds{600});
  EXPECT_FALSE(bucket.take(60, now + milliseconds{1000}));
  EXPECT_TRUE(bucket.take(60, now)) << "a clock that goes back gives nothing";
}

TEST(bounded_map, forgets_what_was_not_used_for_longest) {
  bounded_map<int, int> map(2);
  map.at(1) = 10;
  map.at(2) = 20;
  map.find(1);
  map.at(3) = 30;
  EXPECT_EQ(map.find(2), nullptr);
  EXPECT_EQ(*map.find(1), 10);
  EXPECT_EQ(map.size(), 2u);
}

TEST(blocking_pool, refuses_what_is_over_its_queue) {
  blocking_pool pool(1, 1);
  std::latch running(1), go_on(1);
  ASSERT_TRUE(pool.submit([&] {
    running.count_down();
    go_on.wait();
  }));
  running.wait();
  EXPECT_TRUE(pool.submit([] {}));
  EXPECT_FALSE(pool.submit([] {}));
  go_on.count_down();
}

TEST(blocking_pool, finishes_what_is_queued_before_it_stops) {
  int done = 0;
  blocking_pool pool(1, 100);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.submit([&] { ++done; }));
  pool.stop();
  EXPECT_EQ(done, 50);
  EXPECT_FALSE(pool.submit([] {}));
}

TEST(blocking_pool, answers_for_a_job_that_throws) {
  blocking_pool pool(1, 1);
  boost::asio::io_context io;
  auto told = boost::asio::co_spawn(io, pool.run([]() -> events::outcome<int> { throw std::runtime_error("out of luck"); }), boost::asio::use_future);
  io.run();
  const auto outcome = told.get();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, events::failure_code::unavailable);
  EXPECT_NE(outcome.error().message.find("out of luck"), std::string::npos);
}

TEST(command_id_of, is_the_same_for_the_same_name_of_the_same_person_alone) {
  const events::user_id anna{events::derive_uuid("person", {}, {}, 1)}, tom{events::derive_uuid("person", {}, {}, 2)};
  const auto name = events::derive_uuid("name", {}, {}, 1);
  EXPECT_EQ(command_id_of(anna, name), command_id_of(anna, name));
  EXPECT_NE(command_id_of(anna, name), command_id_of(tom, name));
  EXPECT_TRUE(command_id_of(anna, std::nullopt).is_nil());
}

TEST(command_id_of, keeps_the_moment_of_a_name_that_has_one) {
  const events::user_id anna{events::derive_uuid("person", {}, {}, 1)}, tom{events::derive_uuid("person", {}, {}, 2)};
  const events::timestamp at{milliseconds{1'700'000'000'123}};
  const std::array<std::uint8_t, 10> random{1, 2, 3};
  const auto name = events::make_uuid_v7(at, random);
  EXPECT_EQ(events::time_of(command_id_of(anna, name).value), at);
  EXPECT_NE(command_id_of(anna, name), command_id_of(tom, name));
}

TEST(own_writes, trap_9_are_waited_for_until_they_were_folded) {
  own_writes written;
  events::user_id user{events::derive_uuid("u", {})};
  written.remember(user, {{0}, {5}});
  written.remember(user, {{0}, {3}});
  written.remember(user, {{1}, {7}});
  EXPECT_EQ(written.pending(user), (std::vector<events::log_position>{{{0}, {5}}, {{1}, {7}}}));
  written.settle(user, {{{0}, {5}}});
  written.remember(user, {{1}, {9}});
  written.settle(user, {{{1}, {7}}});
  EXPECT_EQ(written.pending(user), (std::vector<events::log_position>{{{1}, {9}}}));
  EXPECT_TRUE(written.pending({}).empty());
}

TEST(opening_watch, tells_of_a_session_that_opened_before_or_after_it_was_asked) {
  opening_watch watch;
  events::session_id session{events::derive_uuid("s", {})};
  auto update = std::make_shared<actors::entity_update>();
  update->entity.entity = {events::entity_kind::session, session.value};
  update->position = {{0}, {4}};
  update->happened.push_back({{}, events::session::opened{}});
  std::vector<opening_watch::opened> told;
  watch.when_opened(session, [&](auto at) { told.push_back(at); });
  EXPECT_TRUE(told.empty());
  watch.on_update(update);
  watch.when_opened(session, [&](auto at) { told.push_back(at); });
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1], (events::log_position{{0}, {4}}));
  watch.when_opened({}, [&](auto at) { told.push_back(at); });
  watch.give_up();
  EXPECT_EQ(told.back(), std::nullopt);
}

} // namespace
} // namespace reverie::gateway
