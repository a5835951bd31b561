#include "projections/runner/dead_letters.hpp"
#include "projections/runner/preflight.hpp"
#include "projections/runner/verify.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

/// A conversation whose third message did not fit, because somebody had put a row of its id into the table by hand.
struct dead_letters_on_postgres : testing::Test {
  test_database database;
  talking_world world;
  bulk_source source{database.conninfo(), world.log, world.keys};
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  connection operators = database.connect();
  const fold* messages[1] = {find_fold("messages")};
  std::unique_ptr<projection_runner> runner = started();

  std::unique_ptr<projection_runner> started() {
    auto made = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    EXPECT_TRUE(made->start());
    return made;
  }
  /// Says this many messages, the first of which meets a row that stands in its way.
  void stumble(int count) {
    talk.say("one");
    talk.say("two");
    ASSERT_TRUE(all_folded(*runner, world.log));
    const auto next = numbered_uuid(0x5000 + 1 + ids_used());
    ASSERT_EQ(database.ask("WITH made AS (INSERT INTO " + table() + " SELECT $1, conversation_id, parent_id, depth, on_branch, role, state, 'in the way', attempt, model, "
                           "finish_reason, error_code, manifest, position_offset, position_sequence, created_at, updated_at, log_partition, log_offset FROM " + table() +
                           " WHERE content = 'one' RETURNING 1) SELECT count(*) FROM made", {events::to_string(next)}), "1");
    for (int i = 0; i < count; ++i) talk.say("later " + std::to_string(i));
    ASSERT_TRUE(all_folded(*runner, world.log));
    ASSERT_EQ(parked(), std::to_string(count));
    blocked = events::to_string(next);
  }
  std::uint64_t ids_used() { return std::stoull("0x" + to_string(talk.leaf->value).substr(24), nullptr, 16) - 0x5000; }
  std::string table() { return database.ask("SELECT schema FROM reverie.projection_versions WHERE projection = 'messages' AND serving") + ".messages"; }
  void make_way() { database.ask("DELETE FROM " + table() + " WHERE id = $1", {blocked}); }
  std::string parked() { return database.ask("SELECT count(*) FROM reverie.dead_letters WHERE projection = 'messages' AND state = 'parked'"); }
  std::string said() { return database.ask("SELECT string_agg(content, ',' ORDER BY depth) FROM reverie.messages"); }
  letter_choice of_messages() { return {.projection = "messages", .entity = std::nullopt, .id = std::nullopt}; }

  std::string blocked;
};

TEST_F(dead_letters_on_postgres, are_listed_in_order_with_place_and_cause) {
  stumble(3);
  const auto listed = list_letters(operators, of_messages(), 10);
  ASSERT_TRUE(listed) << listed.error().message;
  ASSERT_EQ(listed->size(), 3U);
  // In a batch of its own it meets the table's constraint; with others behind it the fold finds the row first.
  EXPECT_THAT((*listed)[0].code, testing::AnyOf("fold_failed", "constraint"));
  EXPECT_EQ((*listed)[1].code, "behind_parked");
  EXPECT_EQ((*listed)[0].entity.id, talk.session.value);
  EXPECT_LT((*listed)[0].sequence, (*listed)[1].sequence);
  EXPECT_EQ(list_letters(operators, of_messages(), 1)->size(), 1U);
}

TEST_F(dead_letters_on_postgres, fail_again_as_long_as_the_cause_is_there) {
  stumble(3);
  const auto tried = retry_letters(source, of_messages());
  ASSERT_TRUE(tried) << tried.error().message;
  EXPECT_EQ(tried->retried, 0U);
  EXPECT_EQ(tried->left, 3U);
  EXPECT_EQ(tried->problems.size(), 1U);
  EXPECT_EQ(list_letters(operators, of_messages(), 10)->front().attempts, 2);
}

TEST_F(dead_letters_on_postgres, are_folded_in_order_and_the_entity_goes_on_behind_them) {
  stumble(250); // more than go at once
  make_way();
  const auto tried = retry_letters(source, of_messages());
  ASSERT_TRUE(tried) << tried.error().message;
  EXPECT_EQ(tried->retried, 250U);
  EXPECT_EQ(tried->left, 0U);
  talk.say("live again");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(parked(), "0");
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages"), "253");
  EXPECT_TRUE(said().starts_with("one,two,later 0,later 1,")) << said();
  EXPECT_EQ(verify(source, messages)->differences, 0U);
}

TEST_F(dead_letters_on_postgres, are_counted_as_left_only_where_they_were_tried) {
  stumble(2);
  const events::session_id orphan{world.fresh_id()};
  world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, "to nobody", {}}});
  ASSERT_TRUE(all_folded(*runner, world.log));
  ASSERT_EQ(parked(), "3");
  auto one = of_messages();
  one.projection.reset();
  one.id = list_letters(operators, {.projection = "messages", .entity = events::entity_ref{events::entity_kind::session, orphan.value}, .id = std::nullopt}, 1)->front().id;
  EXPECT_EQ(try_letters(source, one)->left, 1U);
  EXPECT_EQ(retry_letters(source, one)->left, 1U);
  EXPECT_EQ(retry_letters(source, of_messages())->left, 3U);
}

TEST_F(dead_letters_on_postgres, that_are_discarded_stay_out_in_later_versions_too) {
  stumble(1);
  make_way();
  EXPECT_EQ(discard_letters(operators, of_messages(), "").error().code, events::failure_code::malformed);
  const auto gone = discard_letters(operators, of_messages(), "a row by hand");
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_EQ(*gone, 1U);
  EXPECT_EQ(parked(), "0");
  EXPECT_EQ(database.ask("SELECT reason FROM reverie.dead_letters WHERE projection = 'messages' AND state = 'discarded'"), "a row by hand");
  talk.say("goes on");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content = 'goes on'"), "1");
  EXPECT_EQ(verify(source, messages)->differences, 0U);
  ASSERT_TRUE(rebuild(source, messages));
  EXPECT_EQ(database.ask("SELECT count(*) FROM reverie.messages WHERE content LIKE 'later%'"), "0");
  EXPECT_EQ(verify(source, messages)->differences, 0U);
}

TEST_F(dead_letters_on_postgres, are_retried_in_the_older_version_too) {
  ASSERT_TRUE(all_folded(*runner, world.log));
  ASSERT_TRUE(rebuild(source, messages));
  stumble(2);
  make_way();
  ASSERT_EQ(retry_letters(source, of_messages())->left, 0U);
  EXPECT_EQ(said(), "one,two,later 0,later 1");
  EXPECT_EQ(database.ask("SELECT count(*) FROM messages_v1.messages"), "4");
}

TEST_F(dead_letters_on_postgres, are_foreseen_by_a_look_ahead_that_changes_nothing) {
  const events::session_id orphan{world.fresh_id()};
  world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, "to nobody", {}}});
  for (int i = 0; i < 100; ++i) talk.say("message");
  ASSERT_TRUE(all_folded(*runner, world.log));
  const auto before = database.ask("SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace");
  const auto found = look_ahead(source, all_folds());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_GT(found->records, 100U);
  EXPECT_EQ(found->poison_total, 0U);
  for (const auto& each : found->projections) {
    if (each.projection != "messages") continue;
    EXPECT_EQ(each.parked_in_sample, 1U);
    EXPECT_GE(each.rows, 100U);
    EXPECT_GT(each.bytes, 0U);
  }
  EXPECT_EQ(database.ask("SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace"), before);
}

} // namespace
} // namespace reverie::tests
