#include "actors/domain/session/state.hpp"
#include "events/log/slice_map.hpp"
#include "events/model/limits.hpp"
#include "ops/operator/entity_desk.hpp"
#include "ops/operator/fork_desk.hpp"
#include "tests/adapters/operators/deciding_node.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

namespace reverie::tests {
namespace {

using gateway::document;
using gateway::privacy_mode;

/// Somebody who has talked, and read what was said, for years: 45,000 records of one conversation.
struct long_talk {
  static constexpr std::uint64_t turns = 200, marks = 222, length = 1 + turns * (3 + marks);
  test_database database;
  talking_world world{1};
  events::user_id anna = world.add_user("Anna");
  conversation talk{world, anna, world.add_character("Mira")};
  projections::connection_pool pool{database.conninfo()};
  deciding_node node{world.log, world.keys};
  events::log_position middle{}; ///< behind half of the turns

  long_talk() {
    world.write(events::partition_entity({0}), {}, {events::slice_map::dealt_over(1).to_event()});
    fold_rows();
    for (std::uint64_t i = 1; i <= turns; ++i) {
      turn(i);
      if (i == turns / 2) middle = world.last;
    }
  }
  void turn(std::uint64_t number) {
    const auto asked = talk.say("What I did on day " + std::to_string(number) + " of all those years");
    const auto answered = talk.reply("And what will you do on day " + std::to_string(number + 1) + "?");
    for (std::uint64_t i = 0; i < marks; ++i) talk.write({events::session::read_marked{i % 2 == 0 ? answered : asked}});
    talk.write_bond({events::bond::affinity_changed{"trust", 0.001, static_cast<double>(number) / 1e6, "talk", "", {}}});
  }
  /// The read models know the conversation and the bond, so that they are found.
  void fold_rows() {
    projections::projection_runner runner{projections::projection_runner::options{database.conninfo()}, world.log, world.keys};
    EXPECT_TRUE(runner.start());
    EXPECT_TRUE(all_folded(runner, world.log));
  }
};

struct long_entities : testing::Test {
  static long_talk& all() {
    static long_talk made; // of all tests here: nothing is written to it any more
    return made;
  }
  long_talk& of = all();
  deciding_node& node = of.node;
  ops::entity_finder finder{of.world.log, of.pool};
  ops::log_watch watch{of.world.log, of.world.keys, {.records_per_second = 0, .now = [] { return events::timestamp{}; }}};
  ops::entity_desk desk{node, of.world.log, of.world.keys, finder, of.pool, watch};
  std::function<events::timestamp()> now = [] { return events::from_milliseconds(1'800'000'000'000); };
  events::entity_ref session{events::entity_kind::session, of.talk.session.value};

  void SetUp() override {
    node.made.clear();
    node.refused_after.reset();
    node.asked = 0;
    node.most_alive = 0;
  }
  ops::entity_desk desk_with(ops::entity_desk::bounds most) { return {node, of.world.log, of.world.keys, finder, of.pool, watch, most}; }
  static document read(const gateway::result<document>& answered) {
    EXPECT_TRUE(answered) << answered.error().message;
    return answered ? *answered : document(nullptr);
  }
  document at(std::uint64_t sequence) { return read(desk.state_at(session, {.sequence = sequence, .time = {}}, privacy_mode::full)); }
};

TEST_F(long_entities, are_folded_to_any_sequence_and_time) {
  const auto whole = at(of.length);
  EXPECT_EQ(whole["sequence"], of.length);
  EXPECT_EQ(whole["last_sequence"], of.length);
  EXPECT_EQ(whole["state"]["nodes"].size(), 2 * long_talk::turns);
  const auto half = at(of.length / 2);
  EXPECT_EQ(half["sequence"], of.length / 2);
  EXPECT_EQ(half["last_sequence"], of.length);
  const auto by_time = read(desk.state_at(session, {.sequence = {}, .time = events::parse_rfc3339(half["at"].get<std::string>())}, privacy_mode::full));
  EXPECT_EQ(by_time["sequence"], half["sequence"]);
  EXPECT_EQ(by_time["state_hash"], half["state_hash"]);
  EXPECT_EQ(by_time["last_sequence"], of.length);
  EXPECT_EQ(read(desk.entity(session, privacy_mode::masked))["state_hash"], whole["state_hash"]);
}

TEST_F(long_entities, are_scrubbed_through_without_reading_them_from_the_start_each_time) {
  const auto first = at(40'000);
  node.asked = 0;
  EXPECT_EQ(at(40'000)["state_hash"], first["state_hash"]);
  at(39'000);
  at(40'001);
  at(12'345);
  EXPECT_LT(node.asked, 4 * 60U) << "of 350 pages that the whole has: some for the events behind a kept state, and for its last sequence";
  auto fresh = desk_with({});
  EXPECT_EQ(read(fresh.state_at(session, {.sequence = 39'000, .time = {}}, privacy_mode::full))["state_hash"], at(39'000)["state_hash"]);
}

TEST_F(long_entities, are_compared_between_any_two_points) {
  const auto step = read(desk.diff(session, of.length - 1, of.length, privacy_mode::full));
  ASSERT_EQ(step["events"].size(), 1U);
  EXPECT_EQ(step["events"][0]["first_sequence"], of.length);
  EXPECT_FALSE(step["changes"].empty());
  const auto wide = read(desk.diff(session, of.length, 10, privacy_mode::masked));
  EXPECT_EQ(wide["from"], 10);
  EXPECT_EQ(wide["events"].size(), 200U) << "a page of them";
  EXPECT_EQ(wide["events"][0]["first_sequence"], 11);
  EXPECT_GE(wide["changes"].size(), 2 * (long_talk::turns - 1));
}

TEST_F(long_entities, are_part_of_a_persons_world) {
  const auto seen = read(desk.world(of.anna, of.middle, privacy_mode::full));
  ASSERT_EQ(seen["sessions"].size(), 1U);
  EXPECT_EQ(seen["sessions"][0]["state"]["nodes"].size(), 2 * (long_talk::turns / 2));
  ASSERT_EQ(seen["bonds"].size(), 1U);
  EXPECT_EQ(seen["bonds"][0]["sequence"], 1 + long_talk::turns / 2);
}

TEST_F(long_entities, are_read_a_page_at_a_time) {
  at(of.length);
  read(desk.diff(session, 10, of.length, privacy_mode::masked));
  EXPECT_LE(node.most_alive, 2 * events::limits::history_page_updates);
  EXPECT_EQ(node.alive, 0U);
}

TEST_F(long_entities, that_take_too_long_say_so_and_are_done_when_asked_often_enough) {
  auto hasty = desk_with({.fold_within = 0ms});
  std::size_t asked = 0;
  auto seen = hasty.state_at(session, {.sequence = 2'000, .time = {}}, privacy_mode::full);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, "unavailable");
  EXPECT_EQ(seen.error().status, 503);
  EXPECT_NE(seen.error().message.find("goes on from there"), std::string::npos) << seen.error().message;
  EXPECT_TRUE(seen.error().retry_after);
  while (!seen && ++asked < 20) seen = hasty.state_at(session, {.sequence = 2'000, .time = {}}, privacy_mode::full);
  EXPECT_EQ(read(seen)["state_hash"], at(2'000)["state_hash"]);
  EXPECT_EQ(hasty.world(of.anna, of.middle, privacy_mode::full).error().code, "unavailable");
}

TEST_F(long_entities, are_not_all_read_at_once) {
  auto full = desk_with({.readings = {1'000, 0}});
  EXPECT_EQ(read(full.state_at(session, {.sequence = 500, .time = {}}, privacy_mode::full))["sequence"], 500);
  const auto over = full.state_at(session, {.sequence = of.length, .time = {}}, privacy_mode::full);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, "overloaded");
  EXPECT_NE(over.error().message.find("long histories"), std::string::npos);
}

TEST_F(long_entities, are_forked_in_as_many_records_as_their_texts_take) {
  ops::fork_desk forks(node, finder, of.pool, now, {.within = 60s, .part_bytes = 10'000});
  const auto made = read(forks.make(of.talk.session, {.sequence = {}, .model = "other"}));
  EXPECT_EQ(made["copied_messages"], 2 * long_talk::turns);
  EXPECT_EQ(made["origin_sequence"], of.length);
  const events::entity_ref fork{events::entity_kind::forked_session, *events::parse_uuid(made["id"].get<std::string>())};
  const auto& copy = node.made.at(fork);
  EXPECT_GT(copy.records, 5U);
  EXPECT_LT(copy.largest_record, 20'000U);
  const auto& state = *static_cast<const actors::session::state*>(copy.logic->state_of(fork.kind));
  EXPECT_EQ(state.nodes.size(), 2 * long_talk::turns);
  EXPECT_EQ(state.leaf, of.talk.leaf);
  EXPECT_LE(node.most_alive, 2 * events::limits::history_page_updates);
  const std::uint64_t half = 1 + long_talk::turns / 2 * (3 + long_talk::marks);
  const auto early = read(forks.make(of.talk.session, {.sequence = half, .model = {}}));
  EXPECT_EQ(early["origin_sequence"], half);
  EXPECT_EQ(early["copied_messages"], long_talk::turns);
}

TEST_F(long_entities, whose_copy_is_cut_short_leave_no_open_fork) {
  ops::fork_desk forks(node, finder, of.pool, now, {.within = 60s, .part_bytes = 10'000});
  node.refused_after = 3;
  EXPECT_EQ(forks.make(of.talk.session, {.sequence = {}, .model = {}}).error().code, "unavailable");
  for (const auto& [entity, one] : node.made) {
    if (entity.kind != events::entity_kind::forked_session) continue;
    EXPECT_TRUE(static_cast<const actors::session::state*>(one.logic->state_of(entity.kind))->closed);
  }
}

TEST_F(long_entities, that_take_too_long_to_copy_say_so) {
  ops::fork_desk hasty(node, finder, of.pool, now, {.within = 0ms});
  EXPECT_EQ(hasty.make(of.talk.session, {}).error().code, "unavailable");
  ops::fork_desk full(node, finder, of.pool, now, {.within = 60s, .readings = {1'000, 0}});
  EXPECT_EQ(full.make(of.talk.session, {}).error().code, "overloaded");
  EXPECT_TRUE(node.made.empty());
}

} // namespace
} // namespace reverie::tests
