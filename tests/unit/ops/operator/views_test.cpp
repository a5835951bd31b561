#include "ops/operator/recall_view.hpp"
#include "ops/operator/record_view.hpp"
#include "ops/operator/state_diff.hpp"

#include "events/vault/field_sealing.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

using namespace reverie;
using namespace reverie::ops;
using namespace reverie::tests;
using gateway::document;
using gateway::privacy_mode;

TEST(state_diff, names_what_was_added_removed_and_replaced_by_json_pointer) {
  const auto before = document::parse(R"({"a":1,"b":{"x/y":2,"gone":3},"list":[1,2],"map":[]})");
  const auto after = document::parse(R"({"a":1,"b":{"x/y":5},"list":[1,2,3],"map":{"k":7}})");
  const auto changes = state_diff(before, after);
  ASSERT_EQ(changes.size(), 4u) << changes.dump();
  EXPECT_EQ(changes[0], (document{{"path", "/b/gone"}, {"op", "remove"}, {"before", 3}, {"after", nullptr}}));
  EXPECT_EQ(changes[1], (document{{"path", "/b/x~1y"}, {"op", "replace"}, {"before", 2}, {"after", 5}}));
  EXPECT_EQ(changes[2], (document{{"path", "/list/2"}, {"op", "add"}, {"before", nullptr}, {"after", 3}}));
  EXPECT_EQ(changes[3], (document{{"path", "/map/k"}, {"op", "add"}, {"before", nullptr}, {"after", 7}}));
  EXPECT_TRUE(state_diff(after, after).empty());
}

TEST(record_view, masks_what_is_sealed_and_nothing_else) {
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  events::stored_record stored{{{2}, {5}}, chain.message("Hi, Ada!")};
  auto content = [&](privacy_mode mode) {
    auto view = record_view(stored, events::record_verdict::counts, events::open_nothing(), mode, record_detail::list);
    EXPECT_EQ(view["events"][0]["payload"]["message_id"], to_string(numbered_uuid(1)));
    return view["events"][0]["payload"]["content"];
  };
  EXPECT_EQ(content(privacy_mode::masked), "••, •••!");
  EXPECT_TRUE(content(privacy_mode::none).is_null());
  EXPECT_EQ(content(privacy_mode::full), "Hi, Ada!");
  auto whole = record_view(stored, std::nullopt, events::open_nothing(), privacy_mode::masked, record_detail::whole);
  EXPECT_EQ(whole["position"], "2:5");
  EXPECT_TRUE(whole["verdict"].is_null());
  EXPECT_EQ(whole["hash"].get<std::string>().size(), 64u);
}

TEST(record_view, shows_a_record_that_can_not_be_read_without_payload) {
  record_chain chain(numbered_session(1), 1, numbered_uuid(9));
  events::stored_record stored{{{0}, {1}}, chain.message("x")};
  stored.content.value = "broken";
  auto view = record_view(stored, events::record_verdict::counts, events::open_nothing(), privacy_mode::full, record_detail::list);
  EXPECT_TRUE(view["events"][0]["payload"].is_null());
  EXPECT_FALSE(view["problem"].get<std::string>().empty());
}

TEST(recall_view, tells_what_stood_in_a_prompt_and_what_was_cut) {
  const auto view = recall_view(R"({"shape":"full","model":"m","ranking":"hybrid","budget_tokens":900,"estimated_tokens":700,"pieces":[
    {"kind":"memory","id":"a","tokens":5,"score":0.7,"kept":true},{"kind":"memory","id":"b","tokens":9,"score":0.2,"kept":false,"reason":"token budget"},
    {"kind":"turn","id":"t","tokens":3,"kept":true}]})");
  EXPECT_EQ(view["prompt_shape"], "full");
  EXPECT_EQ(view["token_budget"], 900);
  ASSERT_EQ(view["memories"].size(), 1u);
  EXPECT_EQ(view["memories"][0]["memory_id"], "a");
  ASSERT_EQ(view["cut"].size(), 1u);
  EXPECT_EQ(view["cut"][0]["reason"], "token budget");
  EXPECT_TRUE(recall_view("no json").is_null());
}
