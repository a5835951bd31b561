#include "events/kafka/kafka_record.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

namespace kafka_record = events::kafka_record;
using events::failure_code;

namespace {

struct message {
  std::string key;
  std::vector<kafka_record::header> headers;
  std::string value;

  explicit message(const events::record& content)
      : key(kafka_record::key_of(content)), headers(kafka_record::headers_of(content)), value(content.value) {}

  std::string& header(std::string_view name) {
    for (auto& [known, text] : headers)
      if (known == name) return text;
    return headers.emplace_back(name, "").second;
  }
  events::outcome<events::record> read() const {
    std::vector<kafka_record::header_view> views(headers.begin(), headers.end());
    return kafka_record::record_of(key, views, value);
  }
};

events::record sample() {
  record_chain chain(numbered_session(7), 3, numbered_uuid(9));
  chain.message("one");
  auto made = chain.next({events::session::message_sent{{numbered_uuid(1)}, {}, "two", {}},
                          events::session::message_sent{{numbered_uuid(2)}, {}, "three", {}}});
  made.headers.cause = events::event_cause{events::partition_entity({12}), {4}};
  made.headers.command_digest.fill(0xAB);
  return made;
}

} // namespace

TEST(kafka_record, gives_back_every_header_and_the_value) {
  auto whole = sample();
  EXPECT_EQ(message(whole).read().value(), whole);
  whole.headers.cause.reset();
  EXPECT_EQ(message(whole).read().value(), whole);
  auto control = announcement({3}, 1, numbered_uuid(1), 1);
  EXPECT_EQ(message(control).read().value(), control);
}

TEST(kafka_record, is_readable) {
  message shown(sample());
  EXPECT_EQ(shown.key, "00000000-0000-0000-0000-000000000007");
  EXPECT_EQ(shown.header("entity"), "session/00000000-0000-0000-0000-000000000007");
  EXPECT_EQ(shown.header("epoch"), "3");
  EXPECT_EQ(shown.header("first_sequence"), "2");
  EXPECT_EQ(shown.header("types"), "session.message_sent/1 session.message_sent/1");
  EXPECT_EQ(shown.header("cause"), "partition/12#4");
  EXPECT_EQ(shown.header("at"), "2023-11-14T22:13:20.002Z");
}

TEST(kafka_record, names_the_header_that_is_missing_or_wrong) {
  for (const auto& [name, text] : kafka_record::headers_of(sample())) {
    message wrong(sample());
    wrong.header(name) = "?";
    auto read = wrong.read();
    ASSERT_FALSE(read.has_value()) << name;
    EXPECT_EQ(read.error().message, "header '" + std::string(name) + "' is malformed");
    std::erase_if(wrong.headers, [&](const auto& each) { return each.first == name; });
    if (name == "cause") continue;
    EXPECT_EQ(wrong.read().error().message, "header '" + std::string(name) + "' is missing");
  }
  message keyless(sample());
  keyless.key.clear();
  EXPECT_EQ(keyless.read().error().code, failure_code::malformed);
}

TEST(kafka_record, says_that_a_newer_build_wrote_it_and_passes_over_headers_of_others) {
  message newer(sample());
  newer.header("format") = "2";
  EXPECT_EQ(newer.read().error().code, failure_code::unknown_version);
  message traced(sample());
  traced.header("traceparent") = "00-1-2-3";
  EXPECT_EQ(traced.read().value(), sample());
}

} // namespace reverie::tests
