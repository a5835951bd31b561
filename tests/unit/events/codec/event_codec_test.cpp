#include "events/codec/event_codec.hpp"

#include "events/codec/event_decoder.hpp"
#include "tests/support/arbitrary.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace reverie::events {

namespace {

/// Not a cipher: shows in tests what was sealed, for which key and context.
std::string mark_sealed(std::string_view context, std::string_view plain) {
  std::string box;
  append_json_string(box, plain);
  return R"({"$sealed":{"key":"user/me","nonce":")" + std::string(context) + R"(","box":)" + box + "}}";
}

outcome<std::string> open_marked(std::string_view key, std::string_view context, std::string_view nonce, std::string_view box) {
  if (key != "user/me" || context != nonce) return fail(failure_code::corrupted, "another context");
  return std::string(box);
}

const std::vector<event> a_message{session::message_sent{{}, {}, "hello \"you\"", {}}};

// How session.branch_selected might have looked before it became what it is.
struct branch_selected_v0 {
  static constexpr std::string_view name = "session.branch_selected";
  static constexpr unsigned number = 207, version = 2;
  std::string leaf_text;
  static constexpr auto fields = std::tuple{personal("leaf_text", &branch_selected_v0::leaf_text)};
  static session::branch_selected upcast(branch_selected_v0 old) { return {{parse_uuid(old.leaf_text).value_or(uuid{})}}; }
};

struct branch_selected_older {
  static constexpr std::string_view name = "session.branch_selected";
  static constexpr unsigned number = 207, version = 3;
  std::uint8_t last_byte = 0;
  static constexpr auto fields = std::tuple{field("last_byte", &branch_selected_older::last_byte)};
  static branch_selected_v0 upcast(branch_selected_older old) {
    uuid id;
    id.bytes[15] = old.last_byte;
    return {to_string(id)};
  }
};

} // namespace

TEST(event_codec, writes_events_as_an_array_with_fields_in_order) {
  EXPECT_EQ(encode_events(a_message, {}),
            R"([{"type":"session.message_sent","version":1,"data":{"message_id":"00000000-0000-0000-0000-000000000000",)"
            R"("content":"hello \"you\""}}])");
}

TEST(event_codec, gives_personal_fields_and_only_those_to_the_sealer) {
  std::vector<std::string> sealed;
  std::vector<event> events{user::registered{{}, "a@b.c", "Ann", {"user"}}};
  auto value = encode_events(events, [&](std::string_view context, std::string_view plain) {
    sealed.push_back(std::string(context) + "=" + std::string(plain));
    return mark_sealed(context, plain);
  });
  EXPECT_EQ(sealed, (std::vector<std::string>{R"(user.registered/email="a@b.c")", R"(user.registered/name="Ann")"}));
  EXPECT_EQ(value.find("\"a@b.c\"}"), std::string::npos);
}

TEST(event_codec, reads_back_every_event_type_open_or_sealed) {
  EXPECT_TRUE(rc::check("decode(encode(x)) = x", [](std::uint64_t seed) {
    auto events = tests::one_of_each_event(seed);
    RC_ASSERT(decode_events(encode_events(events, {}), {})->events == events);
    auto opened = decode_events(encode_events(events, mark_sealed), open_marked);
    RC_ASSERT(opened.has_value());
    RC_ASSERT(opened->events == events);
    RC_ASSERT(!opened->redacted);
  }));
}

TEST(event_codec, gives_the_empty_value_and_says_redacted_when_the_key_was_destroyed) {
  auto decoded = decode_events(encode_events(a_message, mark_sealed), [](auto, auto, auto, auto) -> outcome<std::string> {
    return fail(failure_code::key_destroyed, "gone");
  });
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(decoded->redacted);
  EXPECT_EQ(std::get<session::message_sent>(decoded->events[0]).content, "");
}

TEST(event_codec, fails_when_a_sealed_field_can_not_be_opened_now) {
  auto value = encode_events(a_message, mark_sealed);
  EXPECT_EQ(decode_events(value, {}).error().code, failure_code::key_unavailable);
  auto away = [](auto, auto, auto, auto) -> outcome<std::string> { return fail(failure_code::key_unavailable, "away"); };
  EXPECT_EQ(decode_events(value, away).error().code, failure_code::key_unavailable);
}

TEST(event_codec, names_what_a_newer_build_wrote) {
  auto newer = decode_events(R"([{"type":"session.closed","version":9,"data":{}}])", {});
  EXPECT_EQ(newer.error().code, failure_code::unknown_version);
  EXPECT_NE(newer.error().message.find("session.closed"), std::string::npos);
  EXPECT_EQ(decode_events(R"([{"type":"session.dreamt","version":1,"data":{}}])", {}).error().code, failure_code::unknown_version);
}

TEST(event_codec, refuses_what_is_not_a_list_of_events) {
  for (auto value : {"", "{}", "[1]", R"([{"type":"session.closed"}])", R"([{"type":"session.closed","version":1,"data":[]}])",
                     R"([{"type":"session.closed","version":-1,"data":{}}])", R"([{"type":"session.closed","version":1,"data":{}])"}) {
    auto decoded = decode_events(value, {});
    ASSERT_FALSE(decoded.has_value()) << value;
    EXPECT_EQ(decoded.error().code, failure_code::malformed) << value;
  }
}

TEST(event_codec, lifts_past_versions_one_after_the_other_to_the_current_one) {
  event_decoder decoder;
  decoder.add_past<branch_selected_v0>();
  decoder.add_past<branch_selected_older>();
  decoded_events decoded;
  auto value = R"([{"type":"session.branch_selected","version":3,"data":{"last_byte":7}},)"
               R"({"type":"session.branch_selected","version":2,"data":{"leaf_text":"00000000-0000-0000-0000-000000000007"}}])";
  ASSERT_TRUE(decoder.decode(value, {}, decoded));
  ASSERT_EQ(decoded.events.size(), 2U);
  EXPECT_EQ(decoded.events[0], decoded.events[1]);
  EXPECT_EQ(std::get<session::branch_selected>(decoded.events[0]).leaf.value.bytes[15], 7);
}

TEST(event_codec, opens_sealed_fields_of_past_versions) {
  event_decoder decoder;
  decoder.add_past<branch_selected_v0>();
  decoded_events decoded;
  auto value = R"([{"type":"session.branch_selected","version":2,"data":{"leaf_text":)" +
               mark_sealed("session.branch_selected/leaf_text", "\"00000000-0000-0000-0000-000000000007\"") + "}}]";
  ASSERT_TRUE(decoder.decode(value, open_marked, decoded));
  EXPECT_EQ(std::get<session::branch_selected>(decoded.events[0]).leaf.value.bytes[15], 7);
}

TEST(event_codec, never_crashes_on_any_bytes) {
  EXPECT_TRUE(rc::check("random bytes", [](const std::string& bytes) { decode_events(bytes, open_marked); }));
  EXPECT_TRUE(rc::check("damaged values", [](std::uint64_t seed) {
    auto value = encode_events(tests::one_of_each_event(seed), mark_sealed);
    for (int i = 0; i < 3; ++i) value[*rc::gen::inRange<std::size_t>(0, value.size())] = *rc::gen::arbitrary<char>();
    if (auto decoded = decode_events(value, open_marked)) encode_events(decoded->events, {});
  }));
}

} // namespace reverie::events
