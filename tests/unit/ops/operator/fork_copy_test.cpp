#include "ops/operator/fork_copy.hpp"
#include "ops/operator/fork_view.hpp"

#include "actors/domain/session/evolve.hpp"
#include "tests/support/given_when_then.hpp"

using namespace reverie;
using namespace reverie::ops;
using namespace reverie::tests;
namespace talk = events::session;

namespace {

events::message_id message(std::uint64_t number) { return {test_id(100 + number)}; }

/// Greeting, message, reply, message, reply: as it was after event 4 and is after the last.
told_conversation conversation(std::vector<events::event> since = {}, std::uint64_t until = 4) {
  std::vector<events::event> all{talk::opened{{test_id(9)}, {test_id(1)}, {test_id(2)}, 3, message(1), "Hello."}, talk::message_sent{message(2), message(1), "One", {}},
                                 talk::reply_started{message(3), message(2), 1}, talk::reply_completed{message(3), 1, "Two", "stop", "m", {}, "{}"}};
  all.insert(all.end(), since.begin(), since.end());
  const entity_finder::place of{{{events::entity_kind::session, test_id(9)}, test_id(1)}, {0}};
  const timeline_source source = [&](const entity_finder::place& place, events::sequence_number, const timeline_visitor& visit) -> events::outcome<void> {
    for (std::uint64_t i = 0; i < all.size(); ++i) {
      actors::entity_update one{place.address, {{0}, {i}}, {{{place.address, {{0}, {i}}, {i + 1}, events::from_milliseconds(static_cast<std::int64_t>(i))}, all[i]}}};
      if (!visit(one)) return {};
    }
    return {};
  };
  return *tell_conversation(source, of, until);
}

} // namespace

TEST(fork_copy, holds_the_conversation_as_it_was_with_its_texts) {
  const auto copy = copy_of_conversation(conversation({talk::message_sent{message(4), message(3), "Three", {}}}));
  ASSERT_EQ(copy.messages.size(), 3u);
  EXPECT_EQ(copy.messages[0].content, "Hello.");
  EXPECT_EQ(copy.messages[2].content, "Two");
  EXPECT_EQ(copy.messages[2].parent, message(2));
  EXPECT_EQ(copy.leaf, message(3));
  EXPECT_EQ(copy.origin_sequence.value, 4u);
  EXPECT_EQ(copy.card_version, 3u);
}

TEST(fork_copy, leaves_out_what_the_person_deleted_since) {
  const auto copy = copy_of_conversation(conversation({talk::message_deleted{message(2), {message(2), message(3)}, message(1)}}));
  ASSERT_EQ(copy.messages.size(), 1u);
  EXPECT_EQ(copy.leaf, message(1));
}

TEST(fork_copy, hangs_what_waits_for_a_reply_below_what_the_reply_answers) {
  const auto copy = copy_of_conversation(conversation({talk::message_sent{message(4), message(3), "Three", {}}, talk::reply_started{message(5), message(4), 1},
                                                       talk::message_sent{message(6), message(5), "Still there?", {}}}, 7));
  ASSERT_EQ(copy.messages.size(), 5u);
  EXPECT_EQ(copy.messages.back().message, message(6));
  EXPECT_EQ(copy.messages.back().parent, message(4));
  EXPECT_EQ(copy.leaf, message(6));
}

TEST(fork_copy, keeps_no_texts_of_what_was_deleted) {
  const auto told = conversation({talk::message_deleted{message(2), {message(2), message(3)}, message(1)}});
  EXPECT_EQ(told.messages.size(), 1u);
}

TEST(fork_copy, comes_in_parts_of_a_size_and_only_the_last_names_the_leaf) {
  const auto whole = copy_of_conversation(conversation({talk::message_sent{message(4), message(3), "Three", {}}}, 5));
  EXPECT_EQ(parts_of(whole, 1'000'000), std::vector{whole});
  const auto parts = parts_of(whole, 1);
  ASSERT_EQ(parts.size(), 4u) << "one message at least, however large";
  std::vector<talk::copied_message> joined;
  for (const auto& each : parts) {
    joined.insert(joined.end(), each.messages.begin(), each.messages.end());
    EXPECT_EQ(each.leaf.has_value(), &each == &parts.back());
    EXPECT_EQ(each.origin_sequence, whole.origin_sequence);
  }
  EXPECT_EQ(joined, whole.messages);
  EXPECT_EQ(parts.back().leaf, whole.leaf);
  EXPECT_EQ(parts_of(talk::forked{}, 1).size(), 1u) << "a conversation without messages";
}

TEST(fork_copy, of_a_bond_comes_in_parts_of_which_the_first_holds_all_but_facts) {
  events::bond::forked whole;
  whole.axes = {{"trust", 0.5, 1, 0.1}};
  whole.forgotten = {{test_id(1)}};
  for (std::uint64_t i = 0; i < 3; ++i) whole.facts.emplace_back().memory = {test_id(10 + i)};
  EXPECT_EQ(parts_of(whole, 1'000'000), std::vector{whole});
  const auto parts = parts_of(whole, 1);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].axes.size(), 1u);
  EXPECT_EQ(parts[0].forgotten.size(), 1u);
  EXPECT_TRUE(parts[1].axes.empty());
  EXPECT_TRUE(parts[1].forgotten.empty());
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(parts[i].facts, std::vector{whole.facts[i]});
}

TEST(fork_copy, leaves_out_what_was_forgotten_or_taken_back_since) {
  told_bond told;
  const auto learn = [&](std::uint64_t id) { told.then.facts[{test_id(id)}] = {"pet", "dog", "Rex", "text", {test_id(9)}, {test_id(id + 500)}, {}, {}, {}, {}, {}, "rules"}; };
  for (std::uint64_t id = 1; id <= 4; ++id) learn(id);
  told.now.forgotten = {{test_id(1)}};
  told.now.barred = {{test_id(502)}};
  told.now.retracted = {{test_id(503)}};
  const auto copy = copy_of_bond(told);
  ASSERT_EQ(copy.facts.size(), 1u);
  EXPECT_EQ(copy.facts[0].memory.value, test_id(4));
  EXPECT_EQ(copy.forgotten.size(), 1u);
}

TEST(fork_view, shows_what_both_share_and_how_each_went_on) {
  auto original = conversation({talk::message_sent{message(4), message(3), "Four", {}}});
  auto fork = conversation({talk::message_sent{message(5), message(3), "Five", {}}});
  told_bond here, there;
  here.now.axes["trust"].value = 0.5;
  there.now.axes["trust"].value = 0.7;
  there.now.facts[{test_id(1)}].text = "User has a dog";
  const auto view = timelines_view(original, fork, here, there, gateway::privacy_mode::full);
  EXPECT_EQ(view["shared"]["total"], 3);
  EXPECT_EQ(view["original"]["messages"][0]["content"], "Four");
  EXPECT_EQ(view["fork"]["messages"][0]["content"], "Five");
  EXPECT_EQ(view["bond"]["axes"][0]["fork"], 0.7);
  EXPECT_EQ(view["bond"]["facts"][0]["fork"], "holds");
  EXPECT_EQ(view["bond"]["facts"][0]["original"], "absent");
  const auto masked = timelines_view(original, fork, here, there, gateway::privacy_mode::masked);
  EXPECT_EQ(masked["fork"]["messages"][0]["content"], "••••");
}
