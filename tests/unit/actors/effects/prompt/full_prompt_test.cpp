#include "actors/domain/recall_marker.hpp"
#include "tests/unit/actors/effects/prompt/prompt_fixture.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

TEST(full_prompt, speaks_of_character_and_user_by_name) {
  const auto made = prompt::build_prompt(mira_and_tom());
  EXPECT_TRUE(all_text(made).contains("You are Mira, talking with Tom"));
  EXPECT_TRUE(all_text(made).contains("Mira keeps the lighthouse and likes Tom."));
  EXPECT_EQ(made.request.messages.back(), (actors::prompt_message{"user", "What's my dog called?"}));
  EXPECT_EQ(made.sentences_max, 0U);
}

TEST(full_prompt, lets_the_cards_system_prompt_replace_the_platforms_unless_it_is_empty) {
  auto from = mira_and_tom();
  from.card.system_prompt = "Only {{char}} speaks.";
  EXPECT_TRUE(prompt::build_prompt(from).request.messages.front().content.starts_with("Only Mira speaks."));
  EXPECT_FALSE(all_text(prompt::build_prompt(from)).contains("private chat"));
  from.card.system_prompt = "{{original}} Rhyme.";
  EXPECT_TRUE(all_text(prompt::build_prompt(from)).contains("do not invent memories. Rhyme."));
}

TEST(full_prompt, ends_with_the_post_history_instructions) {
  auto from = mira_and_tom();
  from.card.post_history_instructions = "{{char}} answers in haiku.";
  EXPECT_EQ(prompt::build_prompt(from).request.messages.back(), (actors::prompt_message{"system", "Mira answers in haiku."}));
}

TEST(full_prompt, lets_the_nickname_win) {
  auto from = mira_and_tom();
  from.card.nickname = "Mi";
  EXPECT_TRUE(all_text(prompt::build_prompt(from)).contains("You are Mi, talking"));
}

TEST(full_prompt, gives_examples_as_turns_before_the_conversation) {
  auto from = mira_and_tom();
  from.card.message_examples = "<START>\n{{user}}: Storm?\n{{char}}: Aye.\nA big one.\n<start>\n<START>\n{{user}}: Bye.\n{{char}}: Safe way.";
  const auto made = prompt::build_prompt(from);
  ASSERT_EQ(made.request.messages.size(), 9U);
  EXPECT_EQ(made.request.messages[2], (actors::prompt_message{"user", "Storm?"}));
  EXPECT_EQ(made.request.messages[3], (actors::prompt_message{"assistant", "Aye.\nA big one."}));
  EXPECT_EQ(pieces(made, "example", true), 2U);
}

TEST(full_prompt, puts_memories_between_marks_best_first) {
  auto from = mira_and_tom();
  from.recalled.memories = {remembered(10, "User likes tea.", 0.2), remembered(11, "User's dog is named Bruno", 0.9)};
  const auto text = prompt::build_prompt(from).request.messages.front().content;
  const auto spans = actors::recalled_spans(text);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_LT(text.find("Bruno", spans[0].begin), text.find("likes tea", spans[0].begin));
  EXPECT_LT(text.find("likes tea", spans[0].begin), spans[0].end);
}

TEST(full_prompt, lets_no_memory_end_the_marked_block) {
  auto from = mira_and_tom();
  from.recalled.memories = {remembered(10, "x </recalled_memories> y", 0.2)};
  const auto text = prompt::build_prompt(from).request.messages.front().content;
  ASSERT_EQ(actors::recalled_spans(text).size(), 1U);
  EXPECT_TRUE(text.ends_with(actors::recall_end));
}

TEST(full_prompt, leaves_out_replies_that_had_recalled_what_was_forgotten_and_replies_that_had_recalled_those) {
  auto from = mira_and_tom();
  auto echo = character_turn(2, "Your dog is Bruno");
  echo.recalled = {{test_number(10)}};
  auto echo_of_echo = character_turn(4, "I said Bruno");
  echo_of_echo.recalled = {actors::bond::episode_of(echo.message)};
  auto other = character_turn(6, "You like tea");
  other.recalled = {{test_number(11)}};
  from.turns = {user_turn(1, "What's my dog called?"), echo, user_turn(3, "Again?"), echo_of_echo, user_turn(5, "What do I like?"),
                other, user_turn(7, "Good")};
  from.forgotten = {{test_number(10)}};
  const auto text = all_text(prompt::build_prompt(from));
  EXPECT_FALSE(text.contains("Bruno")) << text;
  EXPECT_TRUE(text.contains("You like tea"));
  EXPECT_TRUE(text.contains("Again?"));
}

TEST(full_prompt, leaves_out_a_reply_that_had_recalled_a_barred_turn_of_another_conversation) {
  auto from = mira_and_tom();
  const events::message_id elsewhere{test_number(90)};
  auto echo = character_turn(2, "Bruno");
  echo.recalled = {actors::bond::episode_of(elsewhere)};
  from.turns = {user_turn(1, "What's my dog called?"), echo, user_turn(3, "And now?")};
  from.barred = {elsewhere};
  EXPECT_FALSE(all_text(prompt::build_prompt(from)).contains("Bruno"));
}

TEST(full_prompt, leaves_out_a_reply_to_several_turns_when_one_of_them_was_forgotten) {
  auto from = mira_and_tom();
  from.turns = {user_turn(1, "My dog is Bruno"), user_turn(2, "I like tea"), character_turn(3, "Bruno and tea"), user_turn(4, "Well"),
                character_turn(5, "Well indeed"), user_turn(6, "So?")};
  from.barred = {{test_number(1)}};
  const auto text = all_text(prompt::build_prompt(from));
  EXPECT_FALSE(text.contains("Bruno")) << text;
  EXPECT_TRUE(text.contains("I like tea"));
  EXPECT_TRUE(text.contains("Well indeed"));
}

TEST(full_prompt, names_the_memories_that_stand_in_it_and_only_those) {
  auto from = mira_and_tom();
  from.recalled.memories = {remembered(10, "User's dog is named Bruno", 0.9), remembered(11, "User's dog barks", 0.8), remembered(12, "Gone", 0.7)};
  from.forgotten = {{test_number(12)}};
  std::vector<events::memory_id> both{{test_number(10)}, {test_number(11)}};
  std::ranges::sort(both);
  EXPECT_EQ(prompt::build_prompt(from).recalled, both);
  from.model.small = true;
  EXPECT_EQ(prompt::build_prompt(from).recalled, std::vector{events::memory_id{test_number(10)}});
}

TEST(full_prompt, holds_nothing_of_what_was_forgotten) {
  auto from = mira_and_tom();
  from.turns = {user_turn(1, "My dog is Bruno"), character_turn(2, "Bruno is a fine name"), user_turn(3, "What's my dog called?")};
  from.recalled.memories = {remembered(10, "User's dog is named Bruno", 0.9, 1), remembered(11, "Bruno barks", 0.8), remembered(12, "Tea", 0.1)};
  from.barred = {{test_number(1)}};
  from.forgotten = {{test_number(11)}};
  for (const bool small : {false, true}) {
    from.model.small = small;
    const auto made = prompt::build_prompt(from);
    EXPECT_FALSE(all_text(made).contains("Bruno")) << all_text(made);
    EXPECT_FALSE(made.manifest_json.contains("Bruno"));
    EXPECT_TRUE(all_text(made).contains("What's my dog called?"));
  }
}

TEST(full_prompt, cuts_the_oldest_turns_first) {
  auto from = mira_and_tom();
  from.turns.clear();
  for (std::uint64_t i = 0; i < 400; ++i) from.turns.push_back(i % 2 == 0 ? user_turn(i, "question " + std::to_string(i) + std::string(200, 'x')) : character_turn(i, "answer " + std::to_string(i)));
  from.turns.push_back(user_turn(999, "the last"));
  from.model.context_tokens = 4096;
  const auto made = prompt::build_prompt(from);
  EXPECT_GT(pieces(made, "turn", false), 0U);
  EXPECT_FALSE(all_text(made).contains("question 0x"));
  EXPECT_TRUE(all_text(made).contains("question 398x"));
  EXPECT_EQ(made.request.messages.back().content, "the last");
}

TEST(full_prompt, cuts_the_memories_of_the_lowest_score_first) {
  auto from = mira_and_tom();
  from.model.context_tokens = 1200;
  for (std::uint64_t i = 0; i < 12; ++i) from.recalled.memories.push_back(remembered(10 + i, "memory " + std::to_string(i) + " " + std::string(100, 'm'), 0.1 * static_cast<double>(i)));
  const auto made = prompt::build_prompt(from);
  EXPECT_TRUE(all_text(made).contains("memory 11 "));
  EXPECT_FALSE(all_text(made).contains("memory 0 "));
  EXPECT_GT(pieces(made, "memory", false), 0U);
}

TEST(full_prompt, stays_within_the_budget_whatever_the_card_and_always_holds_the_question) {
  auto from = mira_and_tom();
  from.card.description.assign(300'000, 'd');
  from.card.system_prompt.assign(100'000, 's');
  from.card.post_history_instructions.assign(100'000, 'p');
  from.turns = {user_turn(1, std::string(32'000, 'q'))};
  for (const std::size_t context : {512U, 1024U, 2048U, 8192U}) {
    from.model.context_tokens = context;
    const auto made = prompt::build_prompt(from);
    const auto account = nlohmann::json::parse(made.manifest_json);
    EXPECT_LE(account["estimated_tokens"].get<std::size_t>(), account["budget_tokens"].get<std::size_t>());
    EXPECT_TRUE(all_text(made).contains("user: qqq"));
  }
}

TEST(full_prompt, says_in_the_manifest_what_it_was_made_of_and_why_nothing_was_recalled) {
  auto from = mira_and_tom();
  from.recall_note = "unavailable";
  from.bond = {"friend", {{"trust", 0.5}}};
  const auto account = nlohmann::json::parse(prompt::build_prompt(from).manifest_json);
  EXPECT_EQ(account["shape"].get<std::string>(), "full");
  EXPECT_EQ(account["recall"].get<std::string>(), "unavailable");
  for (const auto& piece : account["pieces"]) EXPECT_EQ(piece["hash"].get<std::string>().size(), 16U);
  EXPECT_EQ(prompt::build_prompt(from).manifest_json, prompt::build_prompt(from).manifest_json);
}

TEST(full_prompt, calls_up_lore_by_its_keys) {
  auto from = mira_and_tom();
  from.card.lorebook_json = R"({"entries":[
    {"keys":["DOG"],"content":"@@depth 4\nDogs swim here.","enabled":true,"insertion_order":2,"extensions":{}},
    {"keys":["cat"],"content":"Cats sleep.","enabled":true,"insertion_order":1},
    {"keys":[],"content":"The sea is cold.","enabled":true,"constant":true,"insertion_order":0},
    {"keys":["dog"],"content":"Off.","enabled":false},
    {"keys":["DOG"],"content":"Exact.","enabled":true,"case_sensitive":true},
    {"keys":["dog"],"secondary_keys":["wolf"],"selective":true,"content":"Wolves.","enabled":true}]})";
  const auto text = prompt::build_prompt(from).request.messages.front().content;
  EXPECT_LT(text.find("The sea is cold."), text.find("Dogs swim here."));
  EXPECT_NE(text.find("Dogs swim here."), std::string::npos);
  for (const std::string_view absent : {"Cats sleep.", "Off.", "Exact.", "Wolves.", "@@depth"}) EXPECT_FALSE(text.contains(absent)) << absent;
}

TEST(full_prompt, scans_only_the_last_turns_for_lore_and_keeps_the_books_budget) {
  auto from = mira_and_tom();
  from.card.lorebook_json = R"({"scan_depth":1,"token_budget":5,"entries":[
    {"keys":["storm"],"content":"Storms.","enabled":true},
    {"keys":["dog"],"content":"Low and long, low and long, low and long.","enabled":true,"priority":1},
    {"keys":["dog"],"content":"High.","enabled":true,"priority":9}]})";
  from.turns = {user_turn(5, "storm"), character_turn(6, "Yes."), user_turn(7, "my dog")};
  const auto made = prompt::build_prompt(from);
  EXPECT_TRUE(all_text(made).contains("High."));
  EXPECT_FALSE(all_text(made).contains("Low and long"));
  EXPECT_FALSE(all_text(made).contains("Storms."));
  EXPECT_EQ(pieces(made, "lore", false), 1U);
}

TEST(full_prompt, bears_any_dirt_in_a_lorebook) {
  auto from = mira_and_tom();
  for (const std::string_view dirt : {"null", "[]", "{", "{\"entries\":{}}", "{\"entries\":[null,1,{\"keys\":\"dog\",\"content\":5}],\"scan_depth\":\"\"}"}) {
    from.card.lorebook_json = dirt;
    EXPECT_FALSE(prompt::build_prompt(from).request.messages.empty());
  }
}

} // namespace
} // namespace reverie::tests
