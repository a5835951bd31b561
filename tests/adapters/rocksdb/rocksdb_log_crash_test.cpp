#include "events/rocksdb/rocksdb_log.hpp"
#include "tests/adapters/log_contract.hpp"
#include "tests/support/temporary_folder.hpp"

#include <csignal>
#include <fstream>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace reverie::tests {

using events::rocksdb_log;

namespace {

/// Appends from four threads to four partitions until it is killed, and says each acknowledgement on `pipe` in one write.
[[noreturn]] void append_until_killed(const std::filesystem::path& folder, int pipe, std::uint64_t round) {
  auto log = rocksdb_log::open(folder).value();
  std::vector<std::thread> threads;
  for (std::uint32_t partition = 0; partition < 4; ++partition) {
    threads.emplace_back([&, partition] {
      record_chain chain(numbered_session(round * 10 + partition), 1, numbered_uuid(9));
      for (;;) {
        std::vector<std::future<outcome<log_offset>>> results;
        for (int i = 0; i < 8; ++i) results.push_back(append_to(*log, {partition}, chain.message("m")));
        for (auto& result : results) {
          auto offset = result.get();
          std::uint64_t said[2] = {partition, offset.value().value};
          if (::write(pipe, said, sizeof said) != sizeof said) ::_exit(1);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ::_exit(0);
}

} // namespace

TEST(rocksdb_log_crash, keeps_every_acknowledged_record_through_kill_9_at_any_moment) {
  temporary_folder folder;
  std::vector<std::uint64_t> acknowledged(4, 0);
  for (std::uint64_t round = 0; round < 8; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      append_until_killed(folder.path(), ends[1], round);
    }
    ::close(ends[1]);
    std::uint64_t said[2];
    // Killed in the middle of its work: after another number of acknowledgements in each round.
    for (std::uint64_t heard = 0; ::read(ends[0], said, sizeof said) == sizeof said; ++heard) {
      acknowledged[said[0]] = std::max(acknowledged[said[0]], said[1] + 1);
      if (heard == 20 + 37 * round) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    auto log = rocksdb_log::open(folder.path());
    ASSERT_TRUE(log.has_value()) << log.error().message;
    for (std::uint32_t partition = 0; partition < 4; ++partition) {
      auto end = (*log)->range({partition})->end.value;
      EXPECT_GE(end, acknowledged[partition]) << "round " << round;
      EXPECT_EQ(read_records(**log, {partition}, {0}, end).size(), end);
    }
  }
}

TEST(rocksdb_log_disk, answers_no_space_on_a_full_disk_and_appends_again_when_there_is_room) {
  temporary_folder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=48m") != 0) GTEST_SKIP() << "mounting a small disk needs root";
  {
    record_chain chain(numbered_session(1), 1, numbered_uuid(9));
    auto filler = folder.path() / "filler";
    auto log = rocksdb_log::open(folder.path() / "log", {.partitions = 1, .write_buffer_bytes = 4 << 20}).value();
    std::vector<record> kept;
    auto fill_up = [&] {
      std::ofstream file(filler, std::ios::binary);
      std::string block(1 << 20, 'x');
      while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {}
    };
    kept.push_back(chain.message("before"));
    ASSERT_TRUE(append_to(*log, {0}, kept.back()).get().has_value());
    fill_up();
    auto wanted = chain.message("wanted");
    wanted.value.append(64 * 1024, ' ');
    std::optional<events::failure> full;
    for (int i = 0; i < 2000 && !full; ++i) {
      auto result = append_to(*log, {0}, wanted).get();
      if (result) kept.push_back(wanted);
      else full = result.error();
    }
    ASSERT_TRUE(full.has_value());
    EXPECT_EQ(full->code, failure_code::no_space) << full->message;
    auto again = append_to(*log, {0}, wanted).get();
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, failure_code::no_space) << again.error().message;
    EXPECT_EQ(read_records(*log, {0}, {0}, kept.size()).size(), kept.size());

    std::filesystem::remove(filler);
    outcome<log_offset> recovered = events::fail(failure_code::no_space, "");
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!recovered && std::chrono::steady_clock::now() < until) recovered = append_to(*log, {0}, wanted).get();
    ASSERT_TRUE(recovered.has_value()) << recovered.error().message;
    kept.push_back(wanted);
    EXPECT_EQ(recovered->value, kept.size() - 1);
    log.reset();
    log = rocksdb_log::open(folder.path() / "log").value();
    auto read = read_records(*log, {0}, {0}, kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(read[i].content, kept[i]);
    EXPECT_EQ(log->range({0})->end.value, kept.size());
  }
  ::umount(folder.path().c_str());
}

} // namespace reverie::tests
