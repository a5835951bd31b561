#include "actors/effects/openai/sse_parser.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace reverie;

namespace {

std::vector<std::string> events_of(const std::vector<std::string>& pieces) {
  actors::sse_parser parser;
  std::vector<std::string> found;
  for (const auto& piece : pieces)
    EXPECT_TRUE(parser.feed(piece, [&](std::string_view data) { found.emplace_back(data); }));
  return found;
}

} // namespace

TEST(sse_parser, gives_the_data_of_each_event) {
  EXPECT_EQ(events_of({"data: one\n\ndata: two\n\n"}), (std::vector<std::string>{"one", "two"}));
}

TEST(sse_parser, does_not_care_how_the_bytes_were_cut) {
  std::string stream = "data: {\"a\":1}\r\n\r\n: comment\r\ndata: x\r\ndata: y\r\n\r\n";
  for (std::size_t cut = 1; cut < stream.size(); ++cut)
    EXPECT_EQ(events_of({stream.substr(0, cut), stream.substr(cut)}), (std::vector<std::string>{"{\"a\":1}", "x\ny"})) << cut;
}

TEST(sse_parser, passes_over_comments_and_other_fields) {
  EXPECT_EQ(events_of({": ping\n\nevent: x\nid: 4\ndata:no space\n\n"}), (std::vector<std::string>{"no space"}));
}

TEST(sse_parser, keeps_an_event_without_its_end_to_itself) { EXPECT_TRUE(events_of({"data: half\n"}).empty()); }

TEST(sse_parser, refuses_a_line_over_the_limit) {
  actors::sse_parser parser;
  auto fed = parser.feed(std::string(events::limits::model_line_bytes + 1, 'x'), [](std::string_view) {});
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, events::failure_code::too_large);
}
