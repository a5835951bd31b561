#include "gateway/http/static_site.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace reverie::gateway {
namespace {

namespace fs = std::filesystem;

class static_site_of_two_pages : public ::testing::Test {
protected:
  void SetUp() override {
    auto name = std::string("reverie-site-") + ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::temp_directory_path() / name;
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "assets");
    for (const auto& [file, text] : {std::pair{"index.html", "chat"}, {"console.html", "console"}, {"assets/a.js", "script"}})
      std::ofstream(folder_ / file) << text;
  }
  void TearDown() override { fs::remove_all(folder_); }

  http_response get(const std::string& path, header_fields headers = {}) {
    auto site = static_site::load(folder_);
    EXPECT_TRUE(site);
    http_request request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return site->answer(request);
  }

  fs::path folder_;
};

TEST_F(static_site_of_two_pages, gives_the_console_for_every_address_of_it) {
  for (const auto* path : {"/console", "/console/", "/console/events", "/console/entities/session/0197", "/console.html"})
    EXPECT_EQ(get(path).content(), "console") << path;
}

TEST_F(static_site_of_two_pages, gives_the_chat_page_for_every_other_page) {
  for (const auto* path : {"/", "/index.html", "/some/where", "/consoles"}) EXPECT_EQ(get(path).content(), "chat") << path;
}

TEST_F(static_site_of_two_pages, gives_files_by_their_name_and_nothing_for_others) {
  EXPECT_EQ(get("/assets/a.js").content(), "script");
  EXPECT_EQ(get("/assets/b.js").status, 404);
  EXPECT_EQ(get("/console/b.js").status, 404);
}

} // namespace
} // namespace reverie::gateway
