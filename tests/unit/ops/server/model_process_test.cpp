#include "ops/server/model_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>

using namespace reverie;
using ops::model_process;

namespace {

/// A program that plays the model server, written as a shell script.
std::string script(const tests::temporary_folder& folder, const std::string& body) {
  auto file = folder.path() / "model";
  std::ofstream(file) << "#!/bin/sh\n" << body;
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file.string();
}

} // namespace

TEST(model_process, learns_the_port_from_what_the_child_says_and_ends_it_at_the_end) {
  tests::temporary_folder folder;
  auto pid_file = folder.path() / "pid";
  auto process = model_process::start({.executable = script(folder, "echo $$ > " + pid_file.string() + "\necho loading\necho listening "
                                                                        "127.0.0.1:4711\nexec sleep 600\n"),
                                       .arguments = {},
                                       .log = [](std::string_view) {}});
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ((*process)->port(), 4711);
  int child = 0;
  std::ifstream(pid_file) >> child;
  ASSERT_GT(child, 0);
  process->reset();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(child)));
}

TEST(model_process, says_what_the_child_said_when_it_does_not_come_up) {
  tests::temporary_folder folder;
  auto process = model_process::start(
      {.executable = script(folder, "echo no such model\nexit 3\n"), .arguments = {}, .log = [](std::string_view) {}});
  ASSERT_FALSE(process);
  EXPECT_NE(process.error().message.find("no such model"), std::string::npos);
}

TEST(model_process, starts_a_child_that_ended_again_on_the_same_port) {
  tests::temporary_folder folder;
  auto marker = (folder.path() / "second").string();
  std::promise<std::string> second;
  bool told = false;
  auto process = model_process::start({.executable = script(folder, "echo listening 127.0.0.1:4712\n[ -e " + marker +
                                                                        " ] && echo \"again $*\" && exec sleep 600\n: > " + marker + "\n"),
                                       .arguments = {"--x", "y"},
                                       .log = [&](std::string_view line) {
                                         if (line.starts_with("again") && !std::exchange(told, true)) second.set_value(std::string(line));
                                       }});
  ASSERT_TRUE(process);
  auto said = second.get_future();
  ASSERT_EQ(said.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  EXPECT_EQ(said.get(), "again --x y --port 4712");
}
