#include "events/log/slice_map.hpp"
#include "ops/operator/entity_desk.hpp"
#include "tests/adapters/operators/telling_node.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <algorithm>

namespace reverie::tests {
namespace {

using gateway::document;
using gateway::privacy_mode;

/// Somebody who is called otherwise ever again.
struct entity_pages : testing::Test {
  test_database database;
  talking_world world{1};
  events::user_id anna = world.add_user("Anna");
  projections::connection_pool pool{database.conninfo()};
  telling_node node{world.log, world.keys};
  ops::entity_finder finder{world.log, pool};
  ops::log_watch watch{world.log, world.keys, {.records_per_second = 0, .now = [] { return events::timestamp{}; }}};
  ops::entity_desk desk{node, world.log, world.keys, finder, pool, watch};
  std::uint64_t sequence = 1;
  std::vector<std::string> written{to_string(world.last)};

  entity_pages() { world.write(events::partition_entity({0}), {}, {events::slice_map::dealt_over(1).to_event()}); }
  events::entity_ref who() const { return {events::entity_kind::user, anna.value}; }
  void rename(std::size_t events) {
    std::vector<events::event> happened(events, events::user::profile_changed{"Anna " + std::to_string(++sequence)});
    sequence += events - 1;
    written.push_back(to_string(world.write(who(), anna, happened)));
  }
  static document read(const gateway::result<document>& answered) {
    EXPECT_TRUE(answered) << answered.error().message;
    return answered ? *answered : document(nullptr);
  }
  /// The places of so many pages, one after the other.
  std::vector<std::string> turned_over(bool forward, std::size_t page_size, std::size_t pages_max = 1'000) {
    std::vector<std::string> all;
    gateway::record_query query{.forward = forward, .page_size = page_size};
    for (std::size_t pages = 0; pages < pages_max; ++pages) {
      const auto page = read(desk.history(who(), query));
      for (const auto& each : page["items"]) all.push_back(each["position"].get<std::string>());
      if (!page["has_more"].get<bool>()) break;
      EXPECT_EQ(page["items"].size(), page_size);
      query.cursor = page["next_cursor"].get<std::string>();
    }
    return all;
  }
};

TEST_F(entity_pages, give_each_record_once_from_either_end_whatever_it_holds) {
  for (std::size_t i = 0; i < 60; ++i) rename(i % 7 == 0 ? 3 : 1);
  for (const std::size_t size : {1U, 7U, 60U, 61U, 200U}) {
    EXPECT_EQ(turned_over(true, size), written) << size;
    auto backward = turned_over(false, size);
    std::ranges::reverse(backward);
    EXPECT_EQ(backward, written) << size;
  }
  EXPECT_EQ(read(desk.history(who(), {.page_size = 200}))["total"], written.size());
  const auto down = read(desk.history(who(), {.page_size = 5, .sequence = 20})), up = read(desk.history(who(), {.forward = true, .page_size = 5, .sequence = 20}));
  EXPECT_GE(down["items"][0]["first_sequence"].get<std::uint64_t>() + down["items"][0]["types"].size(), 21U);
  EXPECT_LE(down["items"][0]["first_sequence"], 20);
  EXPECT_EQ(up["items"][0], down["items"][0]) << "the record of that event is the first of both";
  EXPECT_EQ(read(desk.history(who(), {.page_size = 5, .sequence = 1'000'000}))["items"][0]["position"], written.back());
  EXPECT_EQ(desk.history(who(), {.cursor = "0:0"}).error().param, "cursor") << "a record of another entity";
  EXPECT_EQ(desk.history(who(), {.cursor = "0:999999"}).error().param, "cursor");
}

TEST_F(entity_pages, cost_no_more_in_a_long_history) {
  while (written.size() <= 20'000) rename(1);
  node.asked = 0;
  const auto newest = turned_over(false, 50, 2);
  ASSERT_EQ(newest.size(), 100U);
  EXPECT_EQ(newest[0], written.back());
  EXPECT_EQ(newest[99], written[written.size() - 100]);
  EXPECT_LT(node.asked, 50U);
  EXPECT_EQ(turned_over(true, 50, 2).back(), written[99]);
}

TEST_F(entity_pages, open_an_entity_with_its_owners_state_where_folding_takes_too_long) {
  for (std::size_t i = 0; i < 300; ++i) rename(1);
  ops::entity_desk hasty(node, world.log, world.keys, finder, pool, watch, {.fold_within = 20s, .entity_within = 0ms, .readings = {1'000, 1}});
  node.own_state = {{sequence}, R"({"name":"Zoe"})"};
  const auto seen = read(hasty.entity(who(), privacy_mode::full));
  EXPECT_EQ(seen["sequence"], sequence);
  EXPECT_EQ(seen["last_sequence"], sequence);
  EXPECT_EQ(seen["last_position"], written.back());
  EXPECT_EQ(seen["state"]["name"], "Zoe");
  EXPECT_EQ(seen["state_hash"].get<std::string>().size(), read(desk.entity(who(), privacy_mode::full))["state_hash"].get<std::string>().size());
  EXPECT_EQ(read(hasty.entity(who(), privacy_mode::masked))["state"]["name"], "•••");
}

TEST_F(entity_pages, say_how_far_its_owners_state_goes_where_the_log_has_gone_on) {
  for (std::size_t i = 0; i < 300; ++i) rename(1);
  ops::entity_desk hasty(node, world.log, world.keys, finder, pool, watch, {.fold_within = 20s, .entity_within = 0ms, .readings = {1'000, 1}});
  node.own_state = {{200}, R"({"name":"Zoe"})"};
  const auto seen = read(hasty.entity(who(), privacy_mode::full));
  EXPECT_EQ(seen["sequence"], 200);
  EXPECT_EQ(seen["position"], written[199]);
  EXPECT_EQ(seen["last_sequence"], sequence);
  EXPECT_EQ(seen["last_position"], written.back());
}

} // namespace
} // namespace reverie::tests
