#include "actors/runtime/text_cache.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using actors::said_text;
using actors::runtime::text_cache;

events::entity_address session_of(std::uint8_t last_byte) {
  events::uuid id{};
  id.bytes[15] = last_byte;
  return {{events::entity_kind::session, id}, id};
}

said_text said(std::uint64_t at, const std::string& text) { return {{at}, text}; }

TEST(text_cache, gives_what_it_knows_and_names_what_it_does_not) {
  text_cache cache(100'000);
  cache.keep(session_of(1), said(3, "three"));
  cache.keep(session_of(1), said(5, "five"));
  std::vector<events::sequence_number> wanted{{3}, {4}, {5}};
  const auto known = cache.take_known(session_of(1), wanted);
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].text, "three");
  EXPECT_EQ(known[1].text, "five");
  EXPECT_EQ(wanted, std::vector<events::sequence_number>{{4}});
}

TEST(text_cache, keeps_sessions_apart_and_forgets_one_whole) {
  text_cache cache(100'000);
  cache.keep(session_of(1), said(3, "mine"));
  cache.keep(session_of(2), said(3, "yours"));
  cache.forget(session_of(1));
  std::vector<events::sequence_number> mine{{3}}, yours{{3}};
  EXPECT_TRUE(cache.take_known(session_of(1), mine).empty());
  EXPECT_EQ(cache.take_known(session_of(2), yours).front().text, "yours");
}

TEST(text_cache, lets_the_longest_unused_session_go_over_its_limit) {
  const std::string text(1'000, 'x');
  text_cache cache(3'500);
  for (std::uint8_t each = 1; each <= 3; ++each) cache.keep(session_of(each), said(1, text));
  std::vector<events::sequence_number> first{{1}};
  EXPECT_EQ(cache.take_known(session_of(1), first).size(), 1U); // used: the second one is now the longest unused
  cache.keep(session_of(4), said(1, text));
  EXPECT_LE(cache.bytes(), 3'500U);
  std::vector<events::sequence_number> again{{1}}, second{{1}};
  EXPECT_EQ(cache.take_known(session_of(1), again).size(), 1U);
  EXPECT_TRUE(cache.take_known(session_of(2), second).empty());
}

TEST(text_cache, holds_nothing_that_is_larger_than_its_limit) {
  text_cache cache(100);
  cache.keep(session_of(1), said(1, std::string(1'000, 'x')));
  EXPECT_EQ(cache.bytes(), 0U);
}

} // namespace
} // namespace reverie::tests
