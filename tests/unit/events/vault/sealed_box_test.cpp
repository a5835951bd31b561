#include "events/vault/sealed_box.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace reverie::events::sealed_box {

TEST(sealed_box, reads_back_the_base64_it_writes) {
  EXPECT_TRUE(rc::check("from_base64(to_base64(x)) = x", [](const std::string& bytes) {
    RC_ASSERT(from_base64(to_base64(bytes)).value() == bytes);
  }));
}

TEST(sealed_box, reads_the_vectors_of_rfc_4648) {
  EXPECT_EQ(from_base64(""), "");
  EXPECT_EQ(from_base64("Zg"), "f");
  EXPECT_EQ(from_base64("Zm8"), "fo");
  EXPECT_EQ(from_base64("Zm9v"), "foo");
  EXPECT_EQ(from_base64("Zm9vYg"), "foob");
  EXPECT_EQ(from_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(from_base64("+/+/"), "\xfb\xff\xbf");
}

TEST(sealed_box, refuses_what_is_not_base64_in_its_one_form) {
  for (auto text : {"Z", "Zg==", "Zh", "Zm9", "Zm9vZ", "Zm9-", "Zm 9", "Zm9v\n", "Zm9\xff"}) {
    EXPECT_EQ(from_base64(text).error().code, failure_code::malformed) << text;
  }
}

} // namespace reverie::events::sealed_box
