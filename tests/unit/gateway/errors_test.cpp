#include "gateway/wire/api_error.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace reverie::gateway {
namespace {

using events::failure;
using events::failure_code;
using events::rejection;
using events::rejection_code;

TEST(api_error, maps_every_rejection_to_status_and_code) {
  auto check = [](rejection_code code, int status, const char* name, bool useless = false) {
    auto error = error_of(rejection{code, "m"});
    EXPECT_EQ(error.status, status);
    EXPECT_EQ(error.code, name);
    EXPECT_EQ(error.retry_is_useless, useless);
    EXPECT_EQ(error.retry_after.has_value(), status == 429 || status == 503 || code == rejection_code::duplicate_in_progress);
  };
  check(rejection_code::validation_error, 400, "validation_error");
  check(rejection_code::permission_denied, 403, "permission_denied");
  check(rejection_code::not_found, 404, "not_found");
  check(rejection_code::conflict, 409, "conflict", true);
  check(rejection_code::duplicate_in_progress, 409, "duplicate_in_progress");
  check(rejection_code::command_expired, 409, "command_expired", true);
  check(rejection_code::too_large, 413, "too_large");
  check(rejection_code::unprocessable, 422, "unprocessable");
  check(rejection_code::rate_limited, 429, "rate_limited");
  check(rejection_code::overloaded, 503, "overloaded");
  check(rejection_code::unavailable, 503, "unavailable");
}

TEST(api_error, never_tells_a_text_from_inside) {
  for (int code = 1; code <= static_cast<int>(failure_code::stopping); ++code) {
    auto error = error_of(failure{static_cast<failure_code>(code), "password of /var/lib", std::nullopt});
    EXPECT_EQ(error.message.find("/var/lib"), std::string::npos);
    EXPECT_GE(error.status, 400);
  }
  EXPECT_EQ(error_of(failure{failure_code::unavailable, "", std::nullopt}).status, 503);
  EXPECT_EQ(error_of(failure{failure_code::corrupted, "", std::nullopt}).status, 500);
}

TEST(api_error, is_written_with_every_field) {
  auto body = nlohmann::json::parse(error_body(validation_error("Too \"long\".", "name"), "r-1"));
  EXPECT_EQ(body["error"]["type"], "invalid_request_error");
  EXPECT_EQ(body["error"]["param"], "name");
  EXPECT_TRUE(body["error"]["details"].is_null());
  EXPECT_EQ(body["error"]["request_id"], "r-1");
}

TEST(api_error, rounds_retry_after_up_to_whole_seconds) {
  EXPECT_EQ(retry_after_seconds(std::chrono::milliseconds{0}), 1);
  EXPECT_EQ(retry_after_seconds(std::chrono::milliseconds{1001}), 2);
}

} // namespace
} // namespace reverie::gateway
