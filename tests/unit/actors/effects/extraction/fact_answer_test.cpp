#include "actors/effects/extraction/fact_answer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace reverie::actors {
namespace {

using nlohmann::json;

const extraction_request rex{"My dog is called Rex.", events::from_milliseconds(1'790'000'000'000), {{"assistant", "I love Paris."}}};

json good_fact() {
  return {{"attribute", "pet"}, {"subject", "dog"},    {"value", "Rex"},  {"sentence", "User's dog is named Rex"},
          {"change", "holds"},  {"replaces", false}, {"since", nullptr}, {"quote", "My dog is called Rex"}};
}
std::string answer_with(const json& fact) { return json{{"facts", json::array({fact})}}.dump(); }
std::string answer_with(const char* field, const json& value) {
  auto fact = good_fact();
  fact[field] = value;
  return answer_with(fact);
}

void expect_refused(const std::string& answer) {
  const auto read = read_fact_answer(answer, rex);
  ASSERT_FALSE(read) << answer;
  EXPECT_EQ(read.error().code, events::failure_code::malformed);
  EXPECT_EQ(read.error().message.find("Rex"), std::string::npos) << "no personal text in a failure: " << read.error().message;
}

TEST(read_fact_answer, gives_the_facts_in_their_order_with_their_place) {
  auto second = good_fact();
  second["attribute"] = "home";
  second["subject"] = "user";
  second["value"] = "Oslo";
  second["since"] = "2020-05-01";
  const auto read = read_fact_answer(json{{"facts", json::array({good_fact(), second})}}.dump(), rex);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].attribute, bond::fact_attribute::pet);
  EXPECT_EQ((*read)[0].value, "Rex");
  EXPECT_EQ((*read)[0].change, bond::fact_change::holds);
  EXPECT_FALSE((*read)[0].exclusive);
  EXPECT_EQ((*read)[0].source, (bond::text_span{0, 20}));
  EXPECT_TRUE((*read)[1].exclusive);
  EXPECT_EQ((*read)[1].valid_from, events::parse_rfc3339("2020-05-01T00:00:00Z"));
}

TEST(read_fact_answer, takes_an_empty_list_as_no_facts) {
  const auto read = read_fact_answer(R"({"facts":[]})", rex);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

TEST(read_fact_answer, refuses_what_is_not_exactly_the_object_asked_for) {
  for (const auto* bad : {"", "nonsense", "[]", "{}", R"({"facts":{}})", R"({"facts":[1]})", R"({"facts":[],"more":1})", R"({"facts":[{}]})",
                          "```json\n{\"facts\":[]}\n```"})
    expect_refused(bad);
  auto more = good_fact();
  more["mood"] = "happy";
  expect_refused(answer_with(more));
  auto less = good_fact();
  less.erase("quote");
  expect_refused(answer_with(less));
  expect_refused(answer_with("value", 7));
  expect_refused(answer_with("replaces", "no"));
}

TEST(read_fact_answer, knows_no_attribute_change_or_day_of_the_models_own_making) {
  expect_refused(answer_with("attribute", "shoe_size"));
  expect_refused(answer_with("change", "perhaps"));
  expect_refused(answer_with("since", "last May"));
  expect_refused(answer_with("since", "2020-13-40"));
}

TEST(read_fact_answer, takes_nothing_that_the_message_does_not_say) {
  expect_refused(answer_with("quote", "I love Paris."));
  expect_refused(answer_with("quote", ""));
}

TEST(read_fact_answer, holds_each_text_to_its_length) {
  const auto fits = [](const char* field, std::size_t bytes) { return bool(read_fact_answer(answer_with(field, std::string(bytes, 'x')), rex)); };
  EXPECT_TRUE(fits("subject", extracted_subject_bytes));
  EXPECT_FALSE(fits("subject", extracted_subject_bytes + 1));
  EXPECT_TRUE(fits("value", extracted_value_bytes));
  EXPECT_FALSE(fits("value", extracted_value_bytes + 1));
  EXPECT_TRUE(fits("sentence", extracted_sentence_bytes));
  EXPECT_FALSE(fits("sentence", extracted_sentence_bytes + 1));
  for (const auto* field : {"subject", "value", "sentence"}) {
    EXPECT_FALSE(fits(field, 0)) << field;
    expect_refused(answer_with(field, "two\nlines"));
  }
}

TEST(read_fact_answer, lets_an_end_name_no_value) {
  auto ended = good_fact();
  ended["attribute"] = "work";
  ended["change"] = "ended";
  ended["value"] = "";
  const auto read = read_fact_answer(answer_with(ended), rex);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)[0].change, bond::fact_change::ended);
}

TEST(read_fact_answer, lets_only_names_of_people_and_pets_be_corrected) {
  EXPECT_TRUE((*read_fact_answer(answer_with("replaces", true), rex))[0].exclusive);
  auto taste = good_fact();
  taste["attribute"] = "like";
  taste["subject"] = "user";
  taste["replaces"] = true;
  EXPECT_FALSE((*read_fact_answer(answer_with(taste), rex))[0].exclusive);
}

TEST(answer_text_of, gives_the_text_of_a_whole_answer_only) {
  EXPECT_EQ(answer_text_of(R"({"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}]})"), "{}");
  for (const auto* bad : {"", "[]", "{}", R"({"choices":[]})", R"({"choices":[7]})", R"({"choices":[{"message":{"content":null}}]})",
                          R"({"choices":[{"message":{"content":"{"},"finish_reason":"length"}]})"})
    EXPECT_FALSE(answer_text_of(bad)) << bad;
}

} // namespace
} // namespace reverie::actors
