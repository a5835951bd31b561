#include "ops/cli/exit_codes.hpp"
#include "ops/cli/operator_calls.hpp"

#include <gtest/gtest.h>

using namespace reverie::ops;

TEST(operator_calls, end_with_the_exit_code_that_fits_the_servers_answer) {
  const auto exit_of = [](int status) { return exit_code_of({code_of_status(status), "", std::nullopt}); };
  for (const int status : {0, 429, 503}) EXPECT_EQ(exit_of(status), exit_code::service_missing) << status;
  for (const int status : {400, 401, 403, 404, 409}) EXPECT_EQ(exit_of(status), exit_code::refused) << status;
  for (const int status : {500, 502}) EXPECT_EQ(exit_of(status), exit_code::failed) << status;
}

TEST(operator_calls, write_what_is_not_plain_in_an_address_by_its_number) {
  EXPECT_EQ(query_value("1700.a-b_c~9"), "1700.a-b_c~9");
  EXPECT_EQ(query_value("a b&c=\xC3\xA4"), "a%20b%26c%3D%C3%A4");
}
