#include "events/log/record.hpp"

#include "events/codec/json_text.hpp"
#include "events/log/slice_map.hpp"
#include "tests/support/arbitrary.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace reverie::events {

namespace {

record arbitrary_record(std::uint64_t seed) {
  tests::arbitrary any(seed);
  record made;
  made.slice_key = any.value<uuid>();
  auto& headers = made.headers;
  headers.epoch.value = any.number();
  headers.writer = any.value<writer_id>();
  headers.entity = {static_cast<entity_kind>(1 + any.below(7)), any.value<uuid>()};
  headers.first_sequence.value = any.number();
  for (auto count = 1 + any.below(5); count > 0; --count) headers.types.push_back({any.text(), static_cast<std::uint16_t>(any.number())});
  headers.command = any.value<command_id>();
  headers.command_digest = any.value<uuid>().bytes;
  headers.correlation = any.value<correlation_id>();
  if (any.below(2) == 1) headers.cause = event_cause{{entity_kind::bond, any.value<uuid>()}, {any.number()}};
  headers.at = any.value<timestamp>();
  headers.previous_hash[3] = static_cast<std::uint8_t>(any.number());
  made.value = any.text();
  headers.hash = hash_of(made);
  return made;
}

} // namespace

TEST(record, is_read_back_as_it_was_encoded) {
  EXPECT_TRUE(rc::check("decode(encode(x)) = x", [](std::uint64_t seed) {
    auto made = arbitrary_record(seed);
    auto bytes = encode_record(made);
    RC_ASSERT(bytes.size() == encoded_size(made));
    RC_ASSERT(decode_record(bytes).value() == made);
  }));
}

TEST(record, never_crashes_its_decoder_on_any_bytes) {
  EXPECT_TRUE(rc::check("random bytes", [](const std::string& bytes) { decode_record(bytes); }));
  EXPECT_TRUE(rc::check("damaged records", [](std::uint64_t seed) {
    auto bytes = encode_record(arbitrary_record(seed));
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    if (auto read = decode_record(bytes)) RC_ASSERT(encode_record(*read) == bytes);
  }));
}

TEST(record, is_malformed_when_cut_off_anywhere_or_too_long) {
  auto bytes = encode_record(arbitrary_record(1));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(decode_record(bytes.substr(0, length)).error().code, failure_code::malformed) << length;
  }
  EXPECT_EQ(decode_record(bytes + "x").error().code, failure_code::malformed);
}

TEST(record, of_a_newer_format_is_named_as_such) {
  auto bytes = encode_record(arbitrary_record(1));
  bytes[1] = 2;
  EXPECT_EQ(decode_record(bytes).error().code, failure_code::unknown_version);
}

TEST(record, holds_no_more_events_than_the_limit) {
  auto made = arbitrary_record(1);
  made.headers.types.assign(257, {"x", 1});
  EXPECT_DEATH(encode_record(made), "a record holds 1 to 256 events");
}

TEST(chain, covers_what_a_record_says_and_not_where_it_stands) {
  auto made = arbitrary_record(5);
  auto hash = hash_of(made);
  auto changed = [&](auto change) {
    auto other = made;
    change(other);
    return hash_of(other) != hash;
  };
  EXPECT_TRUE(changed([](record& r) { r.value += ' '; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.entity.id.bytes[0] ^= 1; }));
  EXPECT_TRUE(changed([](record& r) { ++r.headers.first_sequence.value; }));
  EXPECT_TRUE(changed([](record& r) { ++r.headers.types[0].version; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.types[0].name += 'x'; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.command.value.bytes[0] ^= 1; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.command_digest[0] ^= 1; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.correlation.value.bytes[0] ^= 1; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.at += std::chrono::milliseconds{1}; }));
  EXPECT_TRUE(changed([](record& r) { r.headers.previous_hash[31] ^= 1; }));
  EXPECT_FALSE(changed([](record& r) { ++r.headers.epoch.value; }));
  EXPECT_FALSE(changed([](record& r) { r.headers.writer.value.bytes[0] ^= 1; }));
  EXPECT_FALSE(changed([](record& r) { r.headers.hash[0] ^= 1; }));
}

TEST(chain, hash_of_a_known_record_never_changes) {
  auto hash = hash_of(tests::record_chain(tests::numbered_session(1), 1, tests::numbered_uuid(9)).message("hello"));
  std::string hex;
  append_hex(hex, hash);
  EXPECT_EQ(hex, "64a8f673c3de9b66fe07089b3870e0a982cd5a6826fa42455953c5095054fde0");
}

TEST(slice_map, deals_slices_over_the_partitions_and_goes_through_its_event) {
  auto map = slice_map::dealt_over(4);
  auto key = tests::numbered_uuid(77);
  EXPECT_EQ(map.partition_of(key).value, slice_of(key) % 4);
  EXPECT_EQ(slice_map::from_event(map.to_event(), 4), map);
}

TEST(slice_map, trap_8_refuses_a_map_that_does_not_fit_the_log) {
  auto mapped = slice_map::dealt_over(4).to_event();
  EXPECT_EQ(slice_map::from_event(mapped, 3).error().code, failure_code::malformed);
  mapped.partition_of_slice.pop_back();
  EXPECT_EQ(slice_map::from_event(mapped, 4).error().code, failure_code::malformed);
}

} // namespace reverie::events
