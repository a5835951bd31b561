#include "events/vault/master_key.hpp"

#include "tests/support/temporary_folder.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace reverie::events {

namespace fs = std::filesystem;

TEST(master_key, is_read_from_hex_and_base64) {
  auto hex = master_key::parse("000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F\n");
  auto base64 = master_key::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  ASSERT_TRUE(hex && base64);
  EXPECT_EQ(hex->derive("x"), base64->derive("x"));
  for (auto bad : {"", "00", "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "AAECAwQFBgcICQoLDA0ODw=="}) {
    EXPECT_EQ(master_key::parse(bad).error().code, failure_code::malformed) << bad;
  }
}

TEST(master_key, is_made_once_with_mode_0600_and_found_again) {
  tests::temporary_folder folder;
  auto file = folder.path() / "master.key";
  auto made = master_key::load_or_create(file);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(master_key::load_or_create(file)->derive("x"), made->derive("x"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(master_key, refuses_a_file_that_others_can_read) {
  tests::temporary_folder folder;
  auto file = folder.path() / "master.key";
  ASSERT_TRUE(master_key::load_or_create(file).has_value());
  fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
  EXPECT_FALSE(master_key::load_or_create(file).has_value());
}

TEST(master_key, does_not_put_a_fresh_key_in_place_of_a_damaged_file) {
  tests::temporary_folder folder;
  auto file = folder.path() / "master.key";
  std::ofstream(file) << "rubbish";
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(master_key::load_or_create(file).error().code, failure_code::malformed);
}

TEST(master_key, unwraps_only_its_own_keys_for_the_right_person) {
  master_key mine({1}), other({2});
  std::array<std::uint8_t, 32> key{9, 8, 7};
  auto wrapped = mine.wrap("ann", key);
  EXPECT_EQ(mine.unwrap("ann", wrapped), key);
  EXPECT_EQ(mine.unwrap("bob", wrapped).error().code, failure_code::corrupted);
  EXPECT_EQ(other.unwrap("ann", wrapped).error().code, failure_code::corrupted);
  EXPECT_EQ(mine.unwrap("ann", "???").error().code, failure_code::corrupted);
}

TEST(master_key, derives_another_secret_for_each_purpose) {
  master_key key({1});
  EXPECT_EQ(key.derive("tokens"), key.derive("tokens"));
  EXPECT_NE(key.derive("tokens"), key.derive("other"));
}

} // namespace reverie::events
