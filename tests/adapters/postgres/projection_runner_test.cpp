#include "projections/queries/postgres_read_models.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

struct projection_runner_on_postgres : testing::Test {
  test_database database;
  talking_world world;
  connection_pool pool{database.conninfo()};
  postgres_read_models read{pool};

  std::unique_ptr<projection_runner> started() {
    auto runner = std::make_unique<projection_runner>(projection_runner::options{database.conninfo()}, world.log, world.keys);
    const auto done = runner->start();
    EXPECT_TRUE(done) << done.error().message;
    return runner;
  }
};

std::vector<std::string> texts(const page_of<message_row>& page) {
  std::vector<std::string> all;
  for (const auto& each : page.items) all.push_back(each.content);
  return all;
}

TEST_F(projection_runner_on_postgres, shows_what_was_said_in_order) {
  const auto anna = world.add_user("Anna");
  const auto mira = world.add_character("Mira");
  conversation talk(world, anna, mira);
  talk.say("Hello, I have a dog called Rex and we walk every single morning before breakfast");
  talk.reply("What a good dog.");
  talk.say("He is \"brown\" {and} \\ fast");
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));

  const auto page = read.messages(anna, talk.session, {});
  ASSERT_TRUE(page && *page);
  EXPECT_EQ(texts(**page), (std::vector<std::string>{"Hello, I have a dog called Rex and we walk every single morning before breakfast",
                                                     "What a good dog.", "He is \"brown\" {and} \\ fast"}));
  const auto row = read.conversation(anna, talk.session);
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->title, "Hello, I have a dog called Rex and we walk every single…");
  EXPECT_EQ((*row)->last_position.record, world.last);
  const auto person = read.user(anna);
  ASSERT_TRUE(person && *person);
  EXPECT_EQ((*person)->email, "Anna@example.org");
  const auto character = read.character(anna, mira);
  ASSERT_TRUE(character && *character);
  EXPECT_EQ((*character)->tags, (std::vector<std::string>{"a \"quoted\" tag", "back\\slash"}));
  EXPECT_EQ(read.card(anna, mira)->value().bytes, "{}");
  const auto memories = read.memories(anna, mira, {});
  ASSERT_TRUE(memories);
  EXPECT_EQ(memories->total, 3U);
}

TEST_F(projection_runner_on_postgres, hides_everything_from_a_stranger) {
  const auto anna = world.add_user("Anna"), eve = world.add_user("Eve");
  const auto mira = world.add_character("Mira", anna, false);
  conversation talk(world, anna, mira);
  const auto message = talk.say("secret");
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));

  EXPECT_FALSE(*read.conversation(eve, talk.session));
  EXPECT_FALSE(*read.messages(eve, talk.session, {}));
  EXPECT_FALSE(*read.character(eve, mira));
  EXPECT_FALSE(*read.card(eve, mira));
  EXPECT_FALSE(*read.memory(eve, {events::derive_uuid("episode", message.value)}));
  EXPECT_FALSE(*read.bond(eve, mira));
  EXPECT_EQ(read.conversations(eve, {})->total, 0U);
  EXPECT_EQ(read.characters(eve, {})->total, 0U);
  EXPECT_EQ(read.memories(eve, std::nullopt, {})->total, 0U);
  EXPECT_TRUE(*read.conversation(anna, talk.session));
}

TEST_F(projection_runner_on_postgres, follows_the_active_branch_through_edits_switches_and_deletions) {
  const auto anna = world.add_user("Anna");
  const auto mira = world.add_character("Mira");
  conversation talk(world, anna, mira);
  const auto first = talk.say("one");
  talk.reply("two");
  const auto runner = started();
  const auto old_leaf = talk.say("three");
  talk.edit(old_leaf, "three, better");
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ(texts(**read.messages(anna, talk.session, {})), (std::vector<std::string>{"one", "two", "three, better"}));
  const auto edited = (*read.messages(anna, talk.session, {}))->items;
  EXPECT_EQ(edited.front().siblings, std::vector{first});
  EXPECT_EQ(edited.back().siblings, (std::vector{old_leaf, edited.back().id})) << "both versions, oldest first";
  EXPECT_EQ(read.memories(anna, mira, {})->total, 3U);

  talk.write({events::session::branch_selected{old_leaf}});
  ASSERT_TRUE(folded(*runner, world.last));
  EXPECT_EQ(texts(**read.messages(anna, talk.session, {})), (std::vector<std::string>{"one", "two", "three"}));

  const auto gone = talk.say("four");
  talk.write({events::session::message_deleted{gone, {gone}, old_leaf}});
  ASSERT_TRUE(folded(*runner, world.last));
  EXPECT_EQ(texts(**read.messages(anna, talk.session, {})), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(database.ask("SELECT count(*) FROM memories_v1.memories WHERE text = 'four'"), "0");
  EXPECT_EQ((*read.messages(anna, talk.session, {}))->items.front().id, first);
}

TEST_F(projection_runner_on_postgres, shows_a_failed_reply_and_hides_one_under_way) {
  const auto anna = world.add_user("Anna");
  const auto mira = world.add_character("Mira");
  conversation talk(world, anna, mira);
  const auto asked = talk.say("are you there?");
  const events::message_id reply{world.fresh_id()};
  talk.write({events::session::reply_started{reply, asked, 1}});
  const auto runner = started();
  ASSERT_TRUE(all_folded(*runner, world.log));
  EXPECT_EQ((*read.messages(anna, talk.session, {}))->total, 1U);
  talk.write({events::session::reply_failed{reply, 1, "model_unavailable", "try again", true}});
  ASSERT_TRUE(folded(*runner, world.last));
  EXPECT_EQ((*read.messages(anna, talk.session, {}))->items.back().state, "failed");
  talk.write({events::session::reply_started{reply, asked, 2}});
  talk.write({events::session::reply_completed{reply, 2, "yes", "stopped", "model", {}, "{}"}});
  ASSERT_TRUE(folded(*runner, world.last));
  const auto page = *read.messages(anna, talk.session, {});
  EXPECT_EQ(page->items.back().state, "stopped");
  EXPECT_EQ(page->items.back().content, "yes");
  EXPECT_EQ(page->items.back().position.record, world.last);
}

} // namespace
} // namespace reverie::tests
