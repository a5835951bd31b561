#include "projections/fold/memories_fold.hpp"

#include "projections/fold/memory_rows.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::projections {
namespace {

namespace talk = events::session;
namespace bond = events::bond;
using tests::numbered_uuid;

const events::user_id anna{numbered_uuid(1)};
const events::character_id mira{numbered_uuid(2)};
const events::session_id here{numbered_uuid(3)};
constexpr std::uint64_t bruno = 500;

/// One conversation of Anna with Mira, folded event by event. Messages and memories are told by numbers.
class remembered_talk : public testing::Test {
protected:
  remembered_talk() { in_talk(talk::opened{here, anna, mira, 1, {}, ""}); }

  static events::message_id message(std::uint64_t number) { return {numbered_uuid(number)}; }
  static events::memory_id memory(std::uint64_t number) { return {numbered_uuid(number)}; }
  static events::memory_id episode(std::uint64_t number) { return memory_rows::episode_of(message(number)); }

  void in_talk(events::event what) { happen({events::entity_kind::session, here.value}, std::move(what)); }
  void in_bond(events::event what) { happen({events::entity_kind::bond, events::bond_of(anna, mira).value}, std::move(what)); }

  void say(std::uint64_t id, const std::string& text) {
    in_talk(talk::message_sent{message(id), leaf_, text, {}});
    leaf_ = message(id);
  }
  void start_reply(std::uint64_t id) {
    in_talk(talk::reply_started{message(id), *leaf_, 1});
    leaf_ = message(id);
  }
  void end_reply(std::uint64_t id, const std::string& text, std::vector<events::memory_id> recalled = {}) {
    in_talk(talk::reply_completed{message(id), 1, text, "stop", "m", {}, "{}", std::move(recalled)});
  }
  void reply(std::uint64_t id, const std::string& text, std::vector<events::memory_id> recalled = {}) {
    start_reply(id);
    end_reply(id, text, std::move(recalled));
  }
  void learn(std::uint64_t id, std::uint64_t source) {
    in_bond(bond::fact_learned{memory(id), "pet", "dog", "Bruno", "User's dog is named Bruno", here, message(source), std::nullopt, "r"});
  }
  void forget(events::memory_id gone, std::vector<events::message_id> barred) { in_bond(bond::memory_forgotten{gone, {}, std::move(barred)}); }

  bool known(events::memory_id id) { return rows_.find(memory_tables::memories, id.value) != nullptr; }

  /// Whether a word stands in any row of the projection.
  bool holds(const std::string& word) {
    for (const auto* table : with_.tables())
      for (const auto& row : rows_.rows(*table))
        for (const auto& cell : row) {
          if (const auto* text = std::get_if<std::string>(&cell); text != nullptr && text->contains(word)) return true;
          if (const auto* list = std::get_if<std::vector<std::string>>(&cell))
            for (const auto& each : *list)
              if (each.contains(word)) return true;
        }
    return false;
  }

private:
  void happen(events::entity_ref entity, events::event what) {
    events::recorded_event one;
    one.context.entity = {entity, anna.value};
    one.context.sequence = {++clock_};
    one.context.position = {{0}, {clock_}};
    one.context.at = events::from_milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(clock_));
    one.payload = std::move(what);
    ASSERT_TRUE(with_.wants(one.payload));
    rows_.at(one.context.position);
    with_.expect(one, rows_);
    with_.apply(one, rows_);
  }

  memories_fold with_;
  row_store rows_{with_.tables(), true};
  std::optional<events::message_id> leaf_;
  std::uint64_t clock_ = 0;
};

TEST_F(remembered_talk, loses_replies_that_had_recalled_what_is_forgotten) {
  say(10, "My dog is named Bruno.");
  reply(11, "A fine name.");
  learn(bruno, 10);
  say(12, "What's my dog called?");
  reply(13, "I remember: your dog is named Bruno.", {memory(bruno), memory(501)});
  say(14, "I like tea.");
  reply(15, "So do I.", {memory(501)});
  ASSERT_TRUE(known(episode(13)));
  forget(memory(bruno), {message(10)});
  EXPECT_FALSE(known(memory(bruno)));
  EXPECT_FALSE(known(episode(10)));
  EXPECT_FALSE(known(episode(11))) << "it answered the barred turn";
  EXPECT_FALSE(known(episode(13))) << "it had recalled the fact";
  EXPECT_TRUE(known(episode(12)));
  EXPECT_TRUE(known(episode(15)));
  EXPECT_FALSE(holds("Bruno"));
  EXPECT_FALSE(holds("bruno")) << "no posting either";
}

TEST_F(remembered_talk, loses_replies_that_had_recalled_such_a_reply_and_so_on) {
  say(10, "My dog is named Bruno.");
  learn(bruno, 10);
  reply(11, "A fine name.");
  say(12, "What's my dog called?");
  reply(13, "Bruno.", {episode(10)});
  say(14, "Are you sure?");
  reply(15, "I said Bruno.", {episode(13)});
  say(16, "Really?");
  reply(17, "Bruno, as I said.", {episode(15)});
  forget(memory(bruno), {message(10)});
  EXPECT_FALSE(holds("Bruno"));
  EXPECT_TRUE(known(episode(16)));
}

TEST_F(remembered_talk, never_makes_an_episode_of_a_reply_under_way_that_had_recalled_what_is_forgotten_meanwhile) {
  say(10, "My dog is named Bruno.");
  learn(bruno, 10);
  reply(11, "A fine name.");
  say(12, "What's my dog called?");
  start_reply(13);
  forget(memory(bruno), {message(10)});
  end_reply(13, "Your dog is named Bruno.", {memory(bruno)});
  EXPECT_FALSE(known(episode(13)));
  EXPECT_FALSE(holds("Bruno"));
  say(14, "And now?");
  reply(15, "I do not know.");
  EXPECT_TRUE(known(episode(15)));
}

TEST_F(remembered_talk, never_makes_an_episode_of_a_reply_under_way_to_a_barred_turn) {
  say(10, "My dog is named Bruno.");
  learn(bruno, 10);
  start_reply(11);
  forget(memory(bruno), {message(10)});
  end_reply(11, "Bruno is a fine name.");
  EXPECT_FALSE(holds("Bruno"));
}

TEST_F(remembered_talk, loses_a_reply_to_several_messages_when_one_of_them_is_barred_before_or_after) {
  say(10, "My dog is named Bruno.");
  say(12, "I like tea.");
  reply(13, "Bruno and tea.");
  learn(bruno, 10);
  forget(memory(bruno), {message(10)});
  EXPECT_FALSE(holds("Bruno"));
  in_talk(talk::reply_started{message(14), message(12), 1});
  end_reply(14, "Tea for Bruno.");
  EXPECT_FALSE(holds("Bruno")) << "a further reply to the same messages";
  EXPECT_TRUE(known(episode(12)));
}

TEST_F(remembered_talk, loses_replies_that_had_recalled_a_directly_forgotten_episode) {
  say(10, "The code is Xylophon.");
  reply(11, "Noted.");
  say(12, "What is the code?");
  reply(13, "It is Xylophon.", {episode(10)});
  forget(episode(13), {message(13)});
  EXPECT_FALSE(known(episode(13)));
  EXPECT_TRUE(known(episode(10)));
  say(14, "What is the code?");
  reply(15, "Xylophon, I believe.", {episode(10)});
  forget(episode(10), {message(10)});
  EXPECT_FALSE(known(episode(15)));
  EXPECT_FALSE(holds("Xylophon"));
}

TEST_F(remembered_talk, takes_a_retraction_that_only_opens_facts_again) {
  say(10, "My dog is named Bruno.");
  learn(bruno, 10);
  in_bond(bond::fact_closed{memory(bruno), std::nullopt, message(12), events::from_milliseconds(1'700'000'900'000)});
  in_bond(bond::fact_retracted{events::memory_id{}, {memory(bruno)}});
  EXPECT_TRUE(known(memory(bruno)));
}

} // namespace
} // namespace reverie::projections
