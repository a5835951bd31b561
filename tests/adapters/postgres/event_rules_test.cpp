#include "projections/postgres/advisory_lock.hpp"
#include "projections/runner/rebuild.hpp"
#include "projections/runner/rule_store.hpp"
#include "projections/runner/verify.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;
using code = events::failure_code;

/// A message under the id of another one, which neither the fold of messages nor that of memories takes. More is said behind it.
struct event_rules_on_postgres : testing::Test {
  test_database database;
  talking_world world;
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  connection operators = database.connect();
  std::unique_ptr<projection_runner> runner = started();
  events::message_id first{}, own{};

  std::unique_ptr<projection_runner> started() {
    auto made = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    EXPECT_TRUE(made->start());
    return made;
  }
  void SetUp() override {
    first = talk.say("first");
    own = {world.fresh_id()};
    talk.write({events::session::message_sent{first, first, "a secret", {}}});
    talk.leaf = own;
    talk.say("behind it");
    ASSERT_TRUE(all_folded(*runner, world.log));
    ASSERT_NE(parked("messages"), "0");
  }
  std::string parked(const std::string& projection) {
    return database.ask("SELECT count(*) FROM reverie.dead_letters WHERE projection = $1 AND state = 'parked'", {projection});
  }
  std::int64_t letter(std::size_t at = 0) { return list_letters(operators, {.projection = "messages", .entity = {}, .id = {}}, 10)->at(at).id; }
  rule_wish mend() {
    return {.letter = letter(), .operations = patch_json::array({{{"op", "set"}, {"path", "/message_id"}, {"value", to_string(own)}}}), .author = "op@example.org", .reason = "two had one id"};
  }
  rule_wish with(const char* operations) {
    return {.letter = letter(), .operations = patch_json::parse(operations), .author = "op@example.org", .reason = "why not"};
  }
  std::string said() { return database.ask("SELECT string_agg(content, ',' ORDER BY depth) FROM reverie.messages"); }
  std::string rules() { return database.ask("SELECT count(*) FROM reverie.event_rules"); }
  std::uint64_t differences() {
    const auto compared = verify(source, all_folds());
    EXPECT_TRUE(compared) << compared.error().message;
    return compared ? compared->differences : 1;
  }
};

TEST_F(event_rules_on_postgres, show_before_and_after_and_whether_it_fits_and_leave_nothing) {
  const auto tried = try_rule(source, mend());
  ASSERT_TRUE(tried) << tried.error().message;
  EXPECT_TRUE(tried->accepted) << tried->problem;
  EXPECT_EQ(tried->type, "session.message_sent");
  EXPECT_EQ(tried->before["content"], "a secret") << tried->before.dump();
  EXPECT_EQ(tried->after["message_id"], to_string(own));
  EXPECT_EQ(tried->retried.left, 0U);
  EXPECT_EQ(rules(), "0");
  EXPECT_EQ(said(), "first");
  const auto bad = try_rule(source, with(R"([{"op":"set","path":"/message_id","value":5}])"));
  ASSERT_TRUE(bad) << bad.error().message;
  EXPECT_FALSE(bad->accepted);
  EXPECT_NE(bad->problem, "");
  EXPECT_EQ(bad->problem.find("secret"), std::string::npos);
}

TEST_F(event_rules_on_postgres, let_the_event_in_and_what_waits_behind_it_and_every_later_rebuild_too) {
  const auto kept = keep_rule(source, mend());
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(parked("messages"), "0");
  EXPECT_EQ(parked("memories"), "0") << "every projection that had it parked reads by the rule";
  EXPECT_EQ(said(), "first,a secret,behind it");
  talk.say("live again");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(differences(), 0U);
  const auto done = rebuild(source, all_folds());
  ASSERT_TRUE(done) << done.error().message;
  for (const auto& each : done->projections) {
    EXPECT_EQ(each.found.differences, 0U) << each.projection;
    EXPECT_EQ(each.parked, 0U) << each.projection;
  }
  EXPECT_EQ(said(), "first,a secret,behind it,live again");
}

TEST_F(event_rules_on_postgres, keep_what_a_person_is_made_to_say_sealed_with_that_persons_key) {
  auto wish = mend();
  wish.operations.push_back({{"op", "set"}, {"path", "/content"}, {"value", "better words"}});
  ASSERT_TRUE(keep_rule(source, wish));
  EXPECT_EQ(said(), "first,better words,behind it");
  EXPECT_EQ(database.ask("SELECT count(*) FROM rules.event_rules WHERE operations::text LIKE '%better%'"), "0");
  EXPECT_EQ(database.ask("SELECT count(*) FROM rules.event_rules WHERE operations::text LIKE '%$sealed%'"), rules());
  const auto listed = list_rules(operators, {}, 10);
  ASSERT_TRUE(listed);
  for (const auto& each : *listed) EXPECT_EQ(each.operations.dump().find("value"), std::string::npos);
  ASSERT_TRUE(world.keys.destroy(anna));
  const fold* messages[1] = {find_fold("messages")};
  ASSERT_TRUE(rebuild(source, messages));
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.message_nodes WHERE content <> ''"), "0") << "erased with the person";
  EXPECT_EQ(parked("messages"), "0");
}

TEST_F(event_rules_on_postgres, are_refused_when_they_do_not_help_or_could_not_be_explained) {
  EXPECT_EQ(keep_rule(source, with(R"([{"op":"set","path":"/message_id","value":5}])")).error().code, code::locked);
  EXPECT_EQ(keep_rule(source, with(R"([{"op":"copy","path":"/message_id"}])")).error().code, code::malformed);
  EXPECT_EQ(try_rule(source, with(R"([{"op":"set","path":"/content/0","value":"x"}])")).error().code, code::malformed);
  auto wide = with(R"([{"op":"set","path":"/content","value":"x"}])");
  wide.scope = rule_scope::type;
  EXPECT_EQ(try_rule(source, wide).error().code, code::malformed);
  auto without_reason = mend();
  without_reason.reason.clear();
  EXPECT_EQ(keep_rule(source, without_reason).error().code, code::malformed);
  auto later = mend();
  later.letter = letter(1);
  EXPECT_EQ(keep_rule(source, later).error().code, code::locked) << "an earlier one is parked";
  later.letter = 999'999;
  EXPECT_EQ(keep_rule(source, later).error().code, code::not_found);
  auto holder = database.connect();
  const auto held = advisory_lock::try_now(holder, "rebuild.messages");
  EXPECT_EQ(keep_rule(source, mend()).error().code, code::locked);
  EXPECT_EQ(rules(), "0");
}

TEST_F(event_rules_on_postgres, are_retired_never_changed) {
  const auto kept = keep_rule(source, mend());
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_FALSE(operators.run("UPDATE rules.event_rules SET operations = '[]'"));
  EXPECT_FALSE(operators.run("DELETE FROM rules.event_rules"));
  EXPECT_EQ(retire_rule(operators, kept->rules.front(), "").error().code, code::malformed);
  for (const auto each : kept->rules) EXPECT_TRUE(retire_rule(operators, each, "the log was mended"));
  EXPECT_EQ(retire_rule(operators, kept->rules.front(), "again").error().code, code::locked);
  EXPECT_EQ(retire_rule(operators, 999, "which?").error().code, code::not_found);
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(said(), "first,a secret,behind it") << "rows stay";
  const fold* messages[1] = {find_fold("messages")};
  const auto done = rebuild(source, messages);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_GT(done->projections.front().parked, 0U);
}

TEST_F(event_rules_on_postgres, of_a_whole_type_mend_what_a_mistaken_writer_wrote_about_everybody) {
  conversation other{world, world.add_user("Ben"), mira}, third{world, world.add_user("Cleo"), mira};
  const auto mistaken = [&](conversation& where, const std::string& text) {
    const events::message_id id{world.fresh_id()};
    const auto person = where.user();
    world.last = world.write({events::entity_kind::session, where.session.value}, person, {events::session::message_sent{id, where.leaf, "", {}}}, [&](std::string& value) {
      auto record = patch_json::parse(value);
      auto& data = record[0]["data"];
      data["content"] = 5; // not even a text
      data["body"] = patch_json::parse(events::seal(person, **world.keys.load(person), "session.message_sent/body", patch_json(text).dump()));
      value = record.dump();
    });
    where.leaf = id;
  };
  mistaken(other, "ben one");
  mistaken(third, "cleo one");
  other.say("ben two");
  ASSERT_TRUE(all_folded(*runner, world.log));
  const events::entity_ref bens{events::entity_kind::session, other.session.value}, cleos{events::entity_kind::session, third.session.value};
  const auto of_ben = list_letters(operators, {.projection = "messages", .entity = bens, .id = {}}, 1);
  ASSERT_EQ(of_ben->size(), 1U);
  auto wish = with(R"([{"op":"rename","path":"/body","to":"/content"}])");
  wish.letter = of_ben->front().id;
  wish.scope = rule_scope::type;
  const auto tried = try_rule(source, wish);
  ASSERT_TRUE(tried) << tried.error().message;
  EXPECT_TRUE(tried->accepted) << tried->problem;
  EXPECT_EQ(tried->before["body"], "ben one");
  EXPECT_EQ(tried->after["content"], "ben one");
  const auto kept = keep_rule(source, wish);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_GT(kept->projections.size(), 3U) << "what can't be read is parked everywhere";
  EXPECT_EQ(retry_letters(source, {.projection = {}, .entity = cleos, .id = {}})->problems.size(), 0U) << "the others need no rule of their own";
  EXPECT_EQ(database.ask("SELECT string_agg(content, ',' ORDER BY content) FROM reverie.messages WHERE content LIKE '% one' OR content LIKE '% two'"), "ben one,ben two,cleo one");
  EXPECT_EQ(differences(), 0U);
  ASSERT_TRUE(rebuild(source, all_folds()));
  EXPECT_EQ(differences(), 0U);
}

TEST_F(event_rules_on_postgres, a_tried_retry_says_what_a_retry_gives_and_changes_nothing) {
  const letter_choice which{.projection = "messages", .entity = {}, .id = {}};
  const auto attempts = list_letters(operators, which, 1)->front().attempts;
  auto tried = try_letters(source, which);
  ASSERT_TRUE(tried) << tried.error().message;
  EXPECT_EQ(tried->retried, 0U);
  EXPECT_EQ(tried->problems.size(), 1U);
  EXPECT_EQ(list_letters(operators, which, 1)->front().attempts, attempts);
  const auto schema = database.ask("SELECT schema FROM reverie.projection_versions WHERE projection = 'messages' AND serving");
  database.ask("WITH gone AS (DELETE FROM " + schema + ".messages WHERE id = $1 RETURNING 1) SELECT count(*) FROM gone", {events::to_string(first.value)});
  tried = try_letters(source, which);
  ASSERT_TRUE(tried);
  EXPECT_EQ(tried->left, 0U);
  EXPECT_EQ(tried->retried, 2U);
  EXPECT_EQ(parked("messages"), "2");
  EXPECT_EQ(retry_letters(source, which)->retried, 2U);
}

} // namespace
} // namespace reverie::tests
