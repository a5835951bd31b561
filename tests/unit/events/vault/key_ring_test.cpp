#include "events/vault/key_ring.hpp"

#include "events/codec/fields_json.hpp"
#include "events/vault/field_sealing.hpp"
#include "events/vault/memory_key_ring.hpp"
#include "tests/support/arbitrary.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <thread>

namespace reverie::events {

namespace {

const user_id ann{tests::numbered_uuid(1)};
const user_id bob{tests::numbered_uuid(2)};

} // namespace

TEST(seal, is_opened_by_the_same_key_and_context_only) {
  data_key key({1}), other({2});
  auto sealed = seal_bytes(key, "here", "a secret");
  EXPECT_EQ(unseal_bytes(key, "here", sealed), "a secret");
  EXPECT_EQ(unseal_bytes(other, "here", sealed).error().code, failure_code::corrupted);
  EXPECT_EQ(unseal_bytes(key, "there", sealed).error().code, failure_code::corrupted);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal_bytes(key, "here", changed).has_value());
    EXPECT_FALSE(unseal_bytes(key, "here", sealed.substr(0, i)).has_value());
  }
}

TEST(seal, never_makes_the_same_box_twice) {
  data_key key({1});
  EXPECT_NE(seal(ann, key, "c", "x"), seal(ann, key, "c", "x"));
}

TEST(seal, carries_every_event_through_the_codec) {
  memory_key_ring ring;
  auto key = ring.create(ann).value();
  EXPECT_TRUE(rc::check("decode(encode(x)) = x", [&](std::uint64_t seed) {
    auto events = tests::one_of_each_event(seed);
    auto decoded = decode_events(encode_events(events, seal_with(ann, key)), open_with(ring));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->events == events);
  }));
}

TEST(seal, leaves_nothing_of_the_text_in_the_value) {
  memory_key_ring ring;
  std::vector<event> events{session::message_sent{{}, {}, "meet me at the lighthouse", {}}};
  auto value = encode_events(events, seal_with(ann, ring.create(ann).value()));
  EXPECT_EQ(value.find("lighthouse"), std::string::npos);
  EXPECT_NE(value.find("{\"$sealed\":{\"key\":\"user/" + to_string(ann) + "\""), std::string::npos);
}

TEST(keyed_digest, depends_on_key_purpose_and_content) {
  data_key key({1}), other({2});
  auto digest = keyed_digest(key, "command", "abc");
  EXPECT_EQ(keyed_digest(key, "command", "abc"), digest);
  EXPECT_NE(keyed_digest(other, "command", "abc"), digest);
  EXPECT_NE(keyed_digest(key, "commanda", "bc"), digest);
  EXPECT_NE(keyed_digest(key, "command", "abd"), digest);
}

TEST(key_ring, gives_the_same_person_the_same_key) {
  memory_key_ring ring;
  auto key = ring.create(ann).value();
  EXPECT_EQ(ring.create(ann).value()->bytes(), key->bytes());
  EXPECT_EQ(ring.find(ann)->bytes(), key->bytes());
  EXPECT_NE(ring.create(bob).value()->bytes(), key->bytes());
}

TEST(key_ring, finds_the_key_that_another_ring_over_the_same_vault_made) {
  auto vault = std::make_shared<memory_wrapped_key_store>();
  memory_key_ring one(vault), other(vault);
  auto key = one.create(ann).value();
  EXPECT_EQ(other.find(ann), nullptr);
  EXPECT_EQ(other.load(ann).value()->bytes(), key->bytes());
  EXPECT_EQ(other.create(ann).value()->bytes(), key->bytes());
}

TEST(key_ring, destroys_a_key_for_good) {
  auto vault = std::make_shared<memory_wrapped_key_store>();
  memory_key_ring ring(vault);
  ring.create(ann).value();
  ASSERT_TRUE(ring.destroy(ann));
  ASSERT_TRUE(ring.destroy(ann));
  EXPECT_EQ(ring.find(ann), nullptr);
  EXPECT_EQ(ring.load(ann).error().code, failure_code::key_destroyed);
  EXPECT_EQ(ring.create(ann).error().code, failure_code::key_destroyed);
  memory_key_ring after_restart(vault);
  EXPECT_EQ(after_restart.load(ann).error().code, failure_code::key_destroyed);
}

TEST(key_ring, serves_from_memory_while_the_vault_is_away) {
  memory_key_ring ring;
  ring.create(ann).value();
  ring.vault().set_away(true);
  EXPECT_TRUE(ring.load(ann).has_value());
  EXPECT_EQ(ring.load(bob).error().code, failure_code::key_unavailable);
  EXPECT_EQ(ring.create(bob).error().code, failure_code::unavailable);
  ring.vault().set_away(false);
  EXPECT_EQ(ring.load(bob).error().code, failure_code::not_found);
}

TEST(key_ring, keeps_the_keys_used_last_within_its_limit) {
  memory_key_ring ring(std::make_shared<memory_wrapped_key_store>(), 2);
  auto carl = user_id{tests::numbered_uuid(3)};
  ring.create(ann).value();
  ring.create(bob).value();
  ring.find(ann);
  ring.create(carl).value();
  EXPECT_EQ(ring.size(), 2U);
  EXPECT_NE(ring.find(ann), nullptr);
  EXPECT_EQ(ring.find(bob), nullptr);
  EXPECT_TRUE(ring.load(bob).has_value());
}

TEST(key_ring, gives_one_key_to_many_threads_that_ask_at_once) {
  memory_key_ring ring;
  std::vector<shared_key> keys(8);
  {
    std::vector<std::jthread> threads;
    for (auto& key : keys) threads.emplace_back([&] { key = ring.create(ann).value(); });
  }
  for (const auto& key : keys) EXPECT_EQ(key->bytes(), keys[0]->bytes());
}

} // namespace reverie::events
