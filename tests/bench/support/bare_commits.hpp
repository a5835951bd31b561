#pragma once

#include "tests/support/temporary_folder.hpp"

#include <rocksdb/db.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace reverie::bench {

/// The bare loop under every acknowledged command: `writers` threads put the same bytes into RocksDB, synced; it groups the commits
/// itself. Answers commits per second.
inline double bare_commits_per_second(const std::string& bytes, std::size_t writers, std::size_t commits) {
  tests::temporary_folder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, folder.path().string(), &raw).ok()) std::abort();
  const std::unique_ptr<rocksdb::DB> database(raw);
  const auto before = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> next{0};
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < writers; ++i) {
      threads.emplace_back([&] {
        rocksdb::WriteOptions synced;
        synced.sync = true;
        for (auto number = next.fetch_add(1); number < commits; number = next.fetch_add(1)) {
          std::string key(8, '\0');
          for (std::size_t byte = 0; byte < 8; ++byte) key[7 - byte] = static_cast<char>(number >> (8 * byte));
          if (!database->Put(synced, key, bytes).ok()) std::abort();
        }
      });
    }
  }
  return static_cast<double>(commits) / std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

} // namespace reverie::bench
