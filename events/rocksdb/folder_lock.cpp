#include "events/rocksdb/folder_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace reverie::events {

outcome<folder_lock> folder_lock::take(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    auto code = error == std::errc::no_space_on_device ? failure_code::no_space : failure_code::unavailable;
    return fail(code, "can't make the folder " + folder.string() + ": " + error.message());
  }
  auto file = folder / "lock";
  folder_lock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) return fail(failure_code::unavailable, "can't open " + file.string() + ": " + std::strerror(errno));
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> holder{};
    auto length = ::read(lock.descriptor_, holder.data(), holder.size() - 1);
    std::string who = length > 0 ? " (process " + std::string(holder.data()) + ")" : "";
    return fail(failure_code::locked, "another process uses the folder " + folder.string() + who);
  }
  auto me = std::to_string(::getpid());
  // Only the message of the other process gets poorer when this does not work.
  if (::ftruncate(lock.descriptor_, 0) == 0) std::ignore = ::pwrite(lock.descriptor_, me.data(), me.size(), 0);
  return lock;
}

folder_lock::~folder_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

folder_lock::folder_lock(folder_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

folder_lock& folder_lock::operator=(folder_lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

} // namespace reverie::events
