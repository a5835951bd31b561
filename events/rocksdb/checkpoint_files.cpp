#include "events/rocksdb/checkpoint_files.hpp"

#include "events/codec/json_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

namespace reverie::events {

namespace fs = std::filesystem;

namespace {

std::unexpected<failure> file_failure(std::string_view doing, const fs::path& path, const std::error_code& error) {
  auto code = error == std::errc::no_space_on_device           ? failure_code::no_space
              : error == std::errc::no_such_file_or_directory ? failure_code::corrupted
                                                               : failure_code::unavailable;
  return fail(code, std::string(doing) + " " + path.string() + ": " + error.message());
}

std::error_code last_error() { return {errno, std::generic_category()}; }

/// `each` is given the bytes as they are read; it says whether to go on.
template <class Visit>
outcome<checkpoint_file> checksum_while(const fs::path& path, const Visit& each) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(failure_code::corrupted, "can't open " + path.string());
  XXH3_state_t* state = XXH3_createState();
  XXH3_128bits_reset(state);
  checkpoint_file file{path.filename().string(), 0, {}};
  std::string piece(1024 * 1024, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    auto got = static_cast<std::size_t>(in.gcount());
    XXH3_128bits_update(state, piece.data(), got);
    file.bytes += got;
    if (!each(std::string_view(piece.data(), got))) break;
  }
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
  XXH3_freeState(state);
  append_hex(file.checksum, canonical.digest);
  if (in.bad()) return fail(failure_code::corrupted, "can't read " + path.string());
  return file;
}

outcome<checkpoint_file> checksum_of(const fs::path& path) {
  return checksum_while(path, [](std::string_view) { return true; });
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

outcome<checkpoint_file> copy_one(const fs::path& from, const fs::path& to) {
  const int descriptor = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_failure("can't make", to, last_error());
  bool good = true;
  auto copied = checksum_while(from, [&](std::string_view bytes) { return good = write_all(descriptor, bytes); });
  good = good && ::fsync(descriptor) == 0;
  const auto error = last_error();
  ::close(descriptor);
  if (!good) return file_failure("can't write", to, error);
  return copied;
}

bool same_inode(const fs::path& left, const fs::path& right) {
  struct stat one {}, other {};
  return ::stat(left.c_str(), &one) == 0 && ::stat(right.c_str(), &other) == 0 && one.st_ino == other.st_ino &&
         one.st_dev == other.st_dev;
}

} // namespace

outcome<std::vector<checkpoint_file>> checksum_files(const fs::path& folder, const std::vector<checkpoint_file>& known,
                                                     const fs::path& known_folder) {
  std::vector<checkpoint_file> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    auto name = entry.path().filename().string();
    if (name == "manifest.json") continue;
    auto before = std::ranges::find(known, name, &checkpoint_file::name);
    if (before != known.end() && same_inode(entry.path(), known_folder / name)) {
      files.push_back(*before);
      continue;
    }
    auto file = checksum_of(entry.path());
    if (!file) return std::unexpected(std::move(file.error()));
    files.push_back(std::move(*file));
  }
  if (error) return file_failure("can't list", folder, error);
  std::ranges::sort(files, {}, &checkpoint_file::name);
  return files;
}

outcome<void> check_files(const fs::path& folder, const std::vector<checkpoint_file>& files) {
  for (const auto& file : files) {
    auto now = checksum_of(folder / file.name);
    if (!now) return std::unexpected(std::move(now.error()));
    if (now->bytes != file.bytes || now->checksum != file.checksum) {
      return fail(failure_code::corrupted, "the checkpoint file " + (folder / file.name).string() + " is not what its manifest says");
    }
  }
  return {};
}

outcome<void> copy_database(const fs::path& from, const fs::path& to, const std::vector<checkpoint_file>& files) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return file_failure("can't make", to, error);
  for (const auto& file : files) {
    if (file.name.ends_with(".sst")) fs::create_hard_link(from / file.name, to / file.name, error);
    else fs::copy_file(from / file.name, to / file.name, error);
    if (error) return file_failure("can't copy", from / file.name, error);
  }
  return {};
}

outcome<void> copy_checked(const fs::path& from, const fs::path& to, const std::vector<checkpoint_file>& files) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return file_failure("can't make", to, error);
  for (const auto& file : files) {
    auto copied = copy_one(from / file.name, to / file.name);
    if (!copied) return std::unexpected(std::move(copied.error()));
    if (copied->bytes != file.bytes || copied->checksum != file.checksum)
      return fail(failure_code::corrupted, "the checkpoint file " + (from / file.name).string() + " is not what its manifest says");
  }
  return {};
}

outcome<std::string> read_whole_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(failure_code::not_found, "can't open " + file.string());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

outcome<void> write_whole_file(const fs::path& file, const std::string& text) {
  auto beside = file;
  beside += ".writing";
  int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_failure("can't make", beside, last_error());
  bool good = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  auto error = last_error();
  ::close(descriptor);
  if (!good) return file_failure("can't write", beside, error);
  std::error_code renaming;
  fs::rename(beside, file, renaming);
  if (renaming) return file_failure("can't put in place", file, renaming);
  return {};
}

void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

} // namespace reverie::events
