#include "ops/server/data_folder.hpp"

#include <sys/file.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace reverie::ops {

using events::fail;
using events::failure_code;

namespace {

constexpr std::uintmax_t free_bytes_min = 100ULL * 1024 * 1024;

events::outcome<void> check_format(const std::filesystem::path& file) {
  std::ifstream in(file);
  int version = 0;
  if (in && in >> version) {
    if (version > data_folder::format_version)
      return fail(failure_code::unknown_version, "the data folder was written by a newer version (format " + std::to_string(version) +
                                                     ", this build knows " + std::to_string(data_folder::format_version) + ")");
    return {};
  }
  if (std::filesystem::exists(file)) return fail(failure_code::corrupted, "the data folder's file 'format' holds no number");
  std::ofstream out(file);
  out << data_folder::format_version << '\n';
  out.close();
  if (!out) return fail(failure_code::unavailable, "can't write to the data folder: " + file.string());
  return {};
}

} // namespace

events::outcome<data_folder> data_folder::open(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(failure_code::unavailable, "can't make the data folder " + path.string() + ": " + error.message());
  auto space = std::filesystem::space(path, error);
  if (!error && space.available < free_bytes_min)
    return fail(failure_code::no_space, "the disk of the data folder is full: less than 100 MiB are left");
  auto lock_file = path / "lock";
  int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return fail(failure_code::unavailable, "can't open " + lock_file.string() + ": " + std::strerror(errno));
  data_folder folder(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return fail(failure_code::locked, "another server runs on the data folder " + path.string());
  if (auto checked = check_format(path / "format"); !checked) return std::unexpected(checked.error());
  return folder;
}

data_folder::data_folder(data_folder&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

data_folder::~data_folder() {
  if (lock_ >= 0) ::close(lock_);
}

} // namespace reverie::ops
