#include "actors/effects/hashing_embedder.hpp"
#include "ops/operator/dead_letter_desk.hpp"
#include "ops/operator/projection_desk.hpp"
#include "ops/operator/vector_desk.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace reverie::tests {
namespace {

using gateway::document;
using gateway::privacy_mode;

/// A model whose vectors say how long a text is and how many words it has.
struct two_number_embedder : actors::embedder {
  std::string model() const override { return "two-numbers"; }
  std::size_t dimension() const override { return 2; }
  events::outcome<std::vector<std::vector<float>>> embed(const std::vector<std::string>& texts) override {
    std::vector<std::vector<float>> made;
    for (const auto& each : texts) made.push_back({static_cast<float>(each.size()), static_cast<float>(std::ranges::count(each, ' ') + 1)});
    return made;
  }
};

/// People who talk, all folded, and the desks that change where projections stand and how they read.
struct projection_places : testing::Test {
  test_database database;
  talking_world world;
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  projections::connection_pool pool{database.conninfo()};
  projections::bulk_source source{database.conninfo(), world.log, world.keys};
  projections::projection_runner runner{projections::projection_runner::options{database.conninfo()}, world.log, world.keys};
  ops::projection_desk steering{pool, source, 0, 100};
  ops::dead_letter_desk letters{pool, source};
  events::message_id first{}, own{};

  void SetUp() override {
    ASSERT_TRUE(runner.start());
    first = talk.say("Do you know Rex?");
    talk.reply("Yes!");
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  static document read(const gateway::result<document>& answered) {
    EXPECT_TRUE(answered) << answered.error().message;
    return answered ? *answered : document(nullptr);
  }
  /// The one message that is parked; -1 when it is not one.
  std::int64_t parked_letter() {
    const auto page = read(letters.list({.projection = "messages", .state = "first", .entity = {}, .cursor = {}}));
    EXPECT_EQ(page["items"].size(), 1U);
    return page["items"].size() == 1 ? std::stoll(page["items"][0]["id"].get<std::string>()) : -1;
  }
  std::uint32_t home() { return events::slice_of(anna.value) % world.log.partitions(); }
};

TEST_F(projection_places, are_shown_before_they_are_changed) {
  const gateway::reset_wish wish{.projection = "messages", .partition = home(), .offset = 1, .time = {}};
  const auto shown = read(steering.reset_preview(wish));
  EXPECT_EQ(shown["confirm"], "reset messages");
  ASSERT_EQ(shown["partitions"].size(), 1U);
  EXPECT_EQ(shown["partitions"][0]["to"], 1);
  EXPECT_GT(shown["partitions"][0]["rows_touched"], 0);
  const auto done = read(steering.reset(wish));
  EXPECT_EQ(done["partitions"], shown["partitions"]);
  ASSERT_TRUE(all_folded(runner, world.log));
  EXPECT_EQ(steering.reset({.projection = "messages", .partition = home(), .offset = 1'000'000, .time = {}}).error().status, 409);
  EXPECT_EQ(steering.reset({.projection = "nonsense", .partition = {}, .offset = {}, .time = {}, .start = true}).error().status, 404);
  read(steering.stand_still("messages", home(), "to look at it"));
  const auto all = steering.list();
  ASSERT_TRUE(all);
  const auto messages = std::ranges::find(*all, "messages", &gateway::projection_view::projection);
  ASSERT_EQ(messages->paused.size(), 1U);
  EXPECT_EQ(messages->paused[0]["reason"], "to look at it");
  read(steering.go_on_from_standing("messages", {}));
  const auto later = steering.list();
  ASSERT_TRUE(later);
  EXPECT_TRUE(std::ranges::find(*later, "messages", &gateway::projection_view::projection)->paused.empty());
}

TEST_F(projection_places, a_rule_lets_a_parked_event_in_and_nobody_sees_what_was_written) {
  own = {world.fresh_id()};
  talk.write({events::session::message_sent{first, own, "a secret", {}}});
  ASSERT_TRUE(all_folded(runner, world.log));
  const auto id = parked_letter();
  EXPECT_EQ(read(letters.retry(id, true))["folded"], 0);
  gateway::event_rule_wish wish{.author = "op@example.org", .reason = "two had one id"};
  wish.operations = document::array({{{"op", "set"}, {"path", "/message_id"}, {"value", to_string(own)}}, {{"op", "set"}, {"path", "/content"}, {"value", "Hi, 7!"}}});
  const auto seen = read(letters.rule_preview(id, wish, privacy_mode::masked));
  EXPECT_TRUE(seen["accepted"].get<bool>()) << seen.dump();
  EXPECT_EQ(seen["before"]["content"], "• ••••••");
  EXPECT_EQ(seen["after"]["content"], "••, •!");
  EXPECT_EQ(seen["after"]["message_id"], to_string(own));
  EXPECT_EQ(seen["confirm"], "rule " + std::to_string(id));
  EXPECT_TRUE(read(letters.rule_preview(id, wish, privacy_mode::none))["after"]["content"].is_null());
  const auto kept = read(letters.keep_rule(id, wish));
  EXPECT_EQ(kept["still_parked"], 0) << kept.dump();
  EXPECT_EQ(kept.dump().find("Hi, 7!"), std::string::npos);
  const auto rule = std::stoll(kept["rule"]["id"].get<std::string>());
  EXPECT_EQ(read(letters.rules({}))["items"].dump().find("value"), std::string::npos);
  EXPECT_EQ(read(letters.retire_rule_impact(rule))["confirm"], "retire rule " + std::to_string(rule));
  EXPECT_FALSE(read(letters.retire_rule(rule, "not needed any more"))["retired_at"].is_null());
  EXPECT_EQ(letters.retire_rule_impact(rule).error().status, 409);
  EXPECT_EQ(letters.retire_rule(999, "which?").error().status, 404);
}

TEST_F(projection_places, a_rule_brings_nothing_that_a_person_wrote_where_everybody_reads) {
  own = {world.fresh_id()};
  talk.write({events::session::message_sent{first, own, "a secret", {}}});
  ASSERT_TRUE(all_folded(runner, world.log));
  const auto id = parked_letter();
  const auto renaming = [](const char* from, const char* to) { return document{{"op", "rename"}, {"path", from}, {"to", to}}; };
  gateway::event_rule_wish wish{.author = "op@example.org", .reason = "to read it"};
  for (const auto& operations : {document::array({renaming("/content", "/client_message_id")}), document::array({renaming("/content", "/message_id/deep")}),
                                 document::array({renaming("/content", "/unknown"), renaming("/unknown", "/client_message_id")})}) {
    wish.operations = operations;
    for (const char* scope : {"event", "entity", "type"}) {
      wish.scope = scope;
      const auto seen = letters.rule_preview(id, wish, privacy_mode::none);
      ASSERT_FALSE(seen) << seen->dump();
      EXPECT_EQ(seen.error().status, 400);
      EXPECT_EQ(seen.error().message.find("secret"), std::string::npos);
      EXPECT_FALSE(letters.keep_rule(id, wish));
    }
  }
  wish.scope = "event";
  wish.operations = document::array({renaming("/content", "/unknown")});
  EXPECT_TRUE(read(letters.rule_preview(id, wish, privacy_mode::none))["after"]["unknown"].is_null()) << "what no type knows is shown as personal";
  EXPECT_EQ(database.ask("SELECT count(*) FROM rules.event_rules"), "0");
}

TEST_F(projection_places, what_a_rule_lets_a_person_say_is_sealed_though_nothing_in_the_event_was) {
  own = {world.fresh_id()};
  world.last = world.write({events::entity_kind::session, talk.session.value}, anna, {events::session::message_sent{own, first, "lost", {}}}, [](std::string& value) {
    auto record = document::parse(value);
    record[0]["data"]["content"] = 5; // not even a text, and not sealed
    record[0]["data"]["body"] = "written open";
    value = record.dump();
  });
  ASSERT_TRUE(all_folded(runner, world.log));
  const auto id = parked_letter();
  gateway::event_rule_wish wish{.author = "op@example.org", .reason = "its writer was mistaken"};
  wish.operations = document::array({{{"op", "set"}, {"path", "/content"}, {"value", "said instead"}}, {{"op", "remove"}, {"path", "/body"}}});
  EXPECT_EQ(read(letters.keep_rule(id, wish))["still_parked"], 0);
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content = 'said instead'"), "1");
  EXPECT_EQ(database.ask("SELECT count(*) FROM rules.event_rules WHERE operations::text LIKE '%said%'"), "0") << "it could not be erased with the person";
  EXPECT_NE(database.ask("SELECT count(*) FROM rules.event_rules WHERE operations::text LIKE '%$sealed%'"), "0");
}

TEST_F(projection_places, vectors_are_made_compared_and_switched_to_in_this_process) {
  projections::active_embedder known(pool, {std::make_shared<actors::hashing_embedder>(), std::make_shared<two_number_embedder>()});
  {
    auto held = pool.borrow();
    ASSERT_TRUE(projections::settle_vectors(**held, known.models()));
  }
  ops::vector_desk desk(pool, {database.conninfo(), world.keys, world.log.partitions()}, known);
  EXPECT_EQ(read(desk.impact("build", 0))["confirm"], "build vectors");
  EXPECT_EQ(read(desk.act("build", 0, false))["state"], "running");
  EXPECT_TRUE(comes_true([&] { return read(desk.build_view())["state"] != "running"; }));
  EXPECT_EQ(read(desk.build_view())["state"], "ready") << read(desk.build_view()).dump();
  EXPECT_EQ(desk.act("build", 0, false).error().status, 409) << "both models have their vectors";
  EXPECT_EQ(desk.act("switch", 2, false).error().status, 409) << "nobody has compared them";
  const auto found = read(desk.compare(2, 10, 5));
  EXPECT_EQ(found["queries"], 1);
  EXPECT_EQ(found["serving_version"], 1);
  EXPECT_EQ(found.dump().find("Rex"), std::string::npos);
  EXPECT_EQ(read(desk.impact("switch", 2))["confirm"], "vectors v2");
  const auto all = read(desk.act("switch", 2, false));
  EXPECT_EQ(all["items"][1]["state"], "serving");
  EXPECT_EQ(all["items"][1]["comparison"]["queries"], 1);
  EXPECT_EQ(all["items"][0]["state"], "kept");
  EXPECT_EQ(read(desk.impact("roll-back", 0))["confirm"], "vectors v1");
  read(desk.act("roll-back", 0, false));
  EXPECT_EQ(desk.impact("drop", 1).error().status, 409);
  EXPECT_EQ(read(desk.act("drop", 2, false))["items"].size(), 1U);
}

} // namespace
} // namespace reverie::tests
