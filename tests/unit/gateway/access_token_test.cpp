#include "gateway/wire/access_token.hpp"

#include <gtest/gtest.h>

#include <random>

namespace reverie::gateway {
namespace {

const token_secret secret{1, 2, 3};
const events::timestamp now{std::chrono::seconds{1'800'000'000}};
const token_claims claims{{*events::parse_uuid("01890000-0000-7000-8000-000000000001")}, {"user", "admin"}, now,
                          now + std::chrono::minutes{15}, *events::parse_uuid("01890000-0000-7000-8000-000000000002")};

TEST(access_token, gives_back_what_was_signed) {
  auto read = read_access_token(secret, make_access_token(secret, claims), now);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->user, claims.user);
  EXPECT_EQ(read->roles, claims.roles);
  EXPECT_EQ(read->issued_at, claims.issued_at);
  EXPECT_EQ(read->expires_at, claims.expires_at);
  EXPECT_EQ(read->id, claims.id);
}

TEST(access_token, expires) {
  auto token = make_access_token(secret, claims);
  EXPECT_TRUE(read_access_token(secret, token, claims.expires_at - std::chrono::milliseconds{1}));
  EXPECT_EQ(read_access_token(secret, token, claims.expires_at).error().code, "token_expired");
}

TEST(access_token, is_refused_under_another_key_or_algorithm) {
  EXPECT_EQ(read_access_token({9}, make_access_token(secret, claims), now).error().code, "invalid_token");
  // {"alg":"none"} with the same claims and no signature
  EXPECT_FALSE(read_access_token(secret, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIwMTg5MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJpYXQiOjEsImV4cCI6OTk5OTk5OTk5OX0.", now));
}

TEST(access_token, is_refused_when_any_character_changes) {
  auto token = make_access_token(secret, claims);
  for (std::size_t i = 0; i + 1 < token.size(); ++i) { // the last character may hold bits that are not used
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read_access_token(secret, changed, now)) << i;
  }
}

TEST(access_token, survives_any_bytes) {
  auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  auto token = make_access_token(secret, claims);
  for (int i = 0; i < 5'000; ++i) {
    auto text = token;
    for (int changes = 0; changes < 3; ++changes) text[random() % text.size()] = static_cast<char>(random());
    if (i % 2 == 0) text.resize(random() % text.size());
    EXPECT_FALSE(read_access_token(secret, text, now) && text != token);
  }
  EXPECT_FALSE(read_access_token(secret, std::string(5000, 'a'), now));
}

} // namespace
} // namespace reverie::gateway
