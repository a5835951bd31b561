#include "actors/effects/fork_recall.hpp"

#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

using actors::recall_of_fork;

events::timestamp at(std::int64_t second) { return events::from_milliseconds(second * 1000); }

actors::recalled_memory remembered(std::uint64_t id, std::string kind, std::string text, std::int64_t when, double score) {
  actors::recalled_memory made;
  made.memory = {test_id(id)};
  made.kind = std::move(kind);
  made.text = std::move(text);
  made.recorded_at = at(when);
  made.score = score;
  made.sources = {{test_id(id + 1000)}};
  return made;
}

std::pair<events::memory_id, actors::bond::fact> fact(std::uint64_t id, std::string text) {
  actors::bond::fact made;
  made.text = std::move(text);
  made.message = {test_id(id + 1000)};
  return {{test_id(id)}, made};
}

std::vector<std::string> texts(const actors::recall_result& found) {
  std::vector<std::string> all;
  for (const auto& each : found.memories) all.push_back(each.text);
  return all;
}

TEST(fork_recall, leaves_out_what_came_after_the_copy_and_what_the_copy_does_not_know) {
  actors::recall_result found{{remembered(1, "episode", "before", 10, 0.9), remembered(2, "episode", "after", 30, 0.8),
                               remembered(3, "fact", "known", 10, 0.7), remembered(4, "fact", "learned since", 10, 0.6)}, "windowed", false};
  const std::vector facts{fact(3, "known")};
  const auto recalled = recall_of_fork(found, "", at(20), 12, facts, {}, {});
  EXPECT_EQ(texts(recalled), (std::vector<std::string>{"before", "known"}));
  EXPECT_EQ(recalled.ranking, "windowed as of the fork");
}

TEST(fork_recall, finds_what_the_fork_learned_itself_by_its_words) {
  const std::vector facts{fact(5, "User's dog is named Bruno"), fact(6, "User lives in Bern")};
  EXPECT_EQ(texts(recall_of_fork({}, "What is my dog called?", at(20), 12, facts, {}, {})), (std::vector<std::string>{"User's dog is named Bruno"}));
}

TEST(fork_recall, holds_nothing_that_was_forgotten_since) {
  const std::vector facts{fact(5, "User's dog is named Bruno"), fact(6, "The dog barks")};
  const std::vector<events::memory_id> forgotten{{test_id(5)}};
  const std::vector<events::message_id> barred{{test_id(1006)}};
  actors::recall_result found{{remembered(5, "fact", "User's dog is named Bruno", 1, 0.9)}, "windowed", false};
  EXPECT_TRUE(recall_of_fork(found, "dog", at(20), 12, facts, forgotten, barred).memories.empty());
}

} // namespace
} // namespace reverie::tests
