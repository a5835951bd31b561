#pragma once

#include "events/vault/account_store.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

/// What every account store keeps to. A harness has `store()`, empty at first.
namespace reverie::tests {

inline events::timestamp minute(std::int64_t number) { return events::from_milliseconds(1'700'000'000'000 + number * 60'000); }

inline events::account account_of(std::uint64_t number, std::string email, events::timestamp at = minute(0)) {
  return {{numbered_uuid(number)}, std::move(email), "$argon2id$…", events::account_state::pending, {"user"}, at};
}

template <class Harness>
class account_store_contract : public ::testing::Test {
protected:
  events::account_store& store() { return harness_.store(); }
  events::refresh_token token(std::string hash, std::uint64_t user = 1, std::uint64_t family = 50) {
    return {std::move(hash), numbered_uuid(family), {numbered_uuid(user)}, minute(100)};
  }
  void sign_up(std::uint64_t number, const std::string& email) {
    ASSERT_TRUE(store().add_pending(account_of(number, email)));
    ASSERT_TRUE(store().activate({numbered_uuid(number)}));
  }
  Harness harness_;
};
TYPED_TEST_SUITE_P(account_store_contract);

TYPED_TEST_P(account_store_contract, finds_an_account_by_email_without_regard_to_case) {
  this->sign_up(1, "Ann@Example.org");
  auto found = this->store().find_by_email("ann@example.ORG").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->email, "Ann@Example.org");
  EXPECT_EQ(found->state, events::account_state::active);
  EXPECT_EQ(this->store().find({numbered_uuid(1)}).value()->roles, std::vector<std::string>{"user"});
  EXPECT_FALSE(this->store().find_by_email("bob@example.org").value().has_value());
}

TYPED_TEST_P(account_store_contract, gives_an_email_to_one_account_only) {
  this->sign_up(1, "ann@example.org");
  auto taken = this->store().add_pending(account_of(2, "ANN@example.org", minute(60)));
  EXPECT_EQ(taken.error().code, events::failure_code::already_exists);
}

TYPED_TEST_P(account_store_contract, lets_a_pending_account_older_than_ten_minutes_be_replaced) {
  ASSERT_TRUE(this->store().add_pending(account_of(1, "ann@example.org", minute(0))));
  EXPECT_EQ(this->store().add_pending(account_of(2, "ann@example.org", minute(5))).error().code, events::failure_code::already_exists);
  ASSERT_TRUE(this->store().add_pending(account_of(3, "ann@example.org", minute(11))));
  EXPECT_EQ(this->store().find_by_email("ann@example.org").value()->user.value, numbered_uuid(3));
  EXPECT_FALSE(this->store().find({numbered_uuid(1)}).value().has_value());
}

TYPED_TEST_P(account_store_contract, sweeps_what_stayed_pending) {
  this->sign_up(1, "ann@example.org");
  ASSERT_TRUE(this->store().add_pending(account_of(2, "bob@example.org", minute(0))));
  ASSERT_TRUE(this->store().add_pending(account_of(3, "eve@example.org", minute(30))));
  EXPECT_EQ(this->store().sweep_pending(minute(10)), 1U);
  EXPECT_TRUE(this->store().find({numbered_uuid(1)}).value().has_value());
  EXPECT_FALSE(this->store().find_by_email("bob@example.org").value().has_value());
  EXPECT_TRUE(this->store().find({numbered_uuid(3)}).value().has_value());
}

TYPED_TEST_P(account_store_contract, sets_roles) {
  this->sign_up(1, "ann@example.org");
  ASSERT_TRUE(this->store().set_roles({numbered_uuid(1)}, {"user", "admin"}));
  EXPECT_EQ(this->store().find({numbered_uuid(1)}).value()->roles, (std::vector<std::string>{"user", "admin"}));
  EXPECT_EQ(this->store().set_roles({numbered_uuid(9)}, {}).error().code, events::failure_code::not_found);
}

TYPED_TEST_P(account_store_contract, rotates_a_refresh_token_once_and_revokes_the_family_when_it_is_used_again) {
  this->sign_up(1, "ann@example.org");
  ASSERT_TRUE(this->store().add_refresh_token(this->token("first")));
  auto used_once = this->store().rotate("first", this->token("second"), minute(1)).value();
  EXPECT_EQ(used_once.first, events::refresh_use::rotated);
  EXPECT_EQ(used_once.second->value, numbered_uuid(1));
  EXPECT_EQ(this->store().rotate("first", this->token("thief"), minute(2)).value().first, events::refresh_use::reused);
  EXPECT_NE(this->store().rotate("second", this->token("third"), minute(3)).value().first, events::refresh_use::rotated);
  EXPECT_EQ(this->store().rotate("thief", this->token("x"), minute(3)).value().first, events::refresh_use::unknown);
}

TYPED_TEST_P(account_store_contract, tells_expired_and_unknown_refresh_tokens_apart) {
  this->sign_up(1, "ann@example.org");
  ASSERT_TRUE(this->store().add_refresh_token(this->token("late")));
  EXPECT_EQ(this->store().rotate("late", this->token("next"), minute(100)).value().first, events::refresh_use::expired);
  EXPECT_EQ(this->store().rotate("never", this->token("next"), minute(1)).value().first, events::refresh_use::unknown);
}

TYPED_TEST_P(account_store_contract, revokes_only_the_family_that_signs_out) {
  this->sign_up(1, "ann@example.org");
  ASSERT_TRUE(this->store().add_refresh_token(this->token("phone", 1, 50)));
  ASSERT_TRUE(this->store().add_refresh_token(this->token("desk", 1, 51)));
  ASSERT_TRUE(this->store().revoke_family_of("phone"));
  ASSERT_TRUE(this->store().revoke_family_of("never"));
  EXPECT_NE(this->store().rotate("phone", this->token("a"), minute(1)).value().first, events::refresh_use::rotated);
  EXPECT_EQ(this->store().rotate("desk", this->token("b"), minute(1)).value().first, events::refresh_use::rotated);
}

TYPED_TEST_P(account_store_contract, finds_api_keys_by_their_hash) {
  this->sign_up(1, "ann@example.org");
  ASSERT_TRUE(this->store().add_api_key({"hash", {numbered_uuid(1)}, "laptop", minute(1)}));
  EXPECT_EQ(this->store().find_api_key("hash").value()->label, "laptop");
  EXPECT_FALSE(this->store().find_api_key("other").value().has_value());
}

REGISTER_TYPED_TEST_SUITE_P(account_store_contract, finds_an_account_by_email_without_regard_to_case,
                            gives_an_email_to_one_account_only, lets_a_pending_account_older_than_ten_minutes_be_replaced,
                            sweeps_what_stayed_pending, sets_roles,
                            rotates_a_refresh_token_once_and_revokes_the_family_when_it_is_used_again,
                            tells_expired_and_unknown_refresh_tokens_apart, revokes_only_the_family_that_signs_out,
                            finds_api_keys_by_their_hash);

} // namespace reverie::tests
