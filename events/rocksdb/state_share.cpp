#include "events/rocksdb/state_share.hpp"

#include "events/codec/fields_json.hpp"
#include "events/model/limits.hpp"
#include "events/rocksdb/state_layout.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <random>
#include <unistd.h>

namespace reverie::events {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unfinished = ".making-";
constexpr auto unfinished_kept = std::chrono::hours{1}; ///< of a node that ended while it copied

/// manifest.json of a shared generation.
struct shared_manifest {
  std::uint32_t layout = 0;
  log_offset next{};
  epoch_number epoch{};
  writer_id writer{};
  chain_hash last_hash{};
  std::uint32_t schema_version = 1;
  std::string code_version;
  std::string state_hash;
  timestamp made_at{};
  std::vector<checkpoint_file> files;

  static constexpr auto fields = std::tuple{field("layout", &shared_manifest::layout),
                                            field("next", &shared_manifest::next),
                                            field("epoch", &shared_manifest::epoch),
                                            field("writer", &shared_manifest::writer),
                                            field("last_hash", &shared_manifest::last_hash),
                                            field("schema_version", &shared_manifest::schema_version),
                                            field("code_version", &shared_manifest::code_version),
                                            field("state_hash", &shared_manifest::state_hash),
                                            field("made_at", &shared_manifest::made_at),
                                            field("files", &shared_manifest::files)};
};

outcome<shared_manifest> read_shared_manifest(const fs::path& generation) {
  auto text = read_whole_file(generation / "manifest.json");
  if (!text) return std::unexpected(std::move(text.error()));
  return from_canonical_json<shared_manifest>(*text);
}

kept_generation kept_form(std::string name, const shared_manifest& stored) {
  kept_generation made{kept_generation::place::shared, std::move(name), {}, stored.last_hash};
  made.manifest.applied = {stored.next, {stored.epoch, stored.writer}};
  made.manifest.schema_version = stored.schema_version;
  made.manifest.code_version = stored.code_version;
  made.manifest.state_hash = stored.state_hash;
  made.manifest.made_at = stored.made_at;
  for (const auto& file : stored.files) made.manifest.bytes += file.bytes;
  return made;
}

/// Sorts as (epoch, position) does.
std::string name_of(const checkpoint_manifest& manifest) {
  std::array<char, 48> name{};
  std::snprintf(name.data(), name.size(), "%012llu-%016llu", static_cast<unsigned long long>(manifest.applied.pair.epoch.value),
                static_cast<unsigned long long>(manifest.applied.next.value));
  return name.data();
}

std::vector<std::string> names_in(const fs::path& folder, bool of_unfinished) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    auto name = each->path().filename().string();
    if (name.starts_with(unfinished) == of_unfinished) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

std::unexpected<failure> share_failure(std::string_view doing, const fs::path& path, const std::error_code& error) {
  auto code = error == std::errc::no_space_on_device ? failure_code::no_space : failure_code::unavailable;
  return fail(code, std::string(doing) + " " + path.string() + ": " + error.message());
}

/// So that a rename in it outlives a power failure.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// What is missing because another node pruned it is gone, not damaged.
outcome<void> gone_or(const fs::path& generation, outcome<void> judged) {
  std::error_code ignored;
  if (!judged && judged.error().code == failure_code::corrupted && !fs::exists(generation / "manifest.json", ignored))
    return fail(failure_code::not_found, "the shared generation " + generation.string() + " is gone");
  return judged;
}

} // namespace

outcome<std::vector<kept_generation>> state_share::all(partition_number partition) const {
  std::error_code error;
  if (!fs::is_directory(folder_, error)) return fail(failure_code::unavailable, "the shared folder " + folder_.string() + " can't be reached");
  std::vector<kept_generation> found;
  for (auto& name : names_in(of(partition), false)) {
    auto stored = read_shared_manifest(of(partition) / name);
    if (!stored || stored->layout != state_layout::version) continue;
    auto made = kept_form(name, *stored);
    if (name_of(made.manifest) == name) found.push_back(std::move(made));
  }
  return found;
}

outcome<bool> state_share::add(partition_number partition, const checkpoint_manifest& manifest, const chain_hash& last_hash,
                               const fs::path& from, const std::vector<checkpoint_file>& files) const {
  const auto place = of(partition);
  const auto name = name_of(manifest);
  std::error_code error;
  fs::create_directory(place, error); // not the folder above it: one that is not mounted would be made on the wrong disk
  if (error) return share_failure("can't make", place, error);
  auto shared = all(partition);
  if (!shared) return std::unexpected(std::move(shared.error()));
  if (!shared->empty() && shared->back().name >= name) return false;
  std::random_device random;
  const auto beside = place / (std::string(unfinished) + name + "-" + std::to_string(random()) + std::to_string(random()));
  auto made = copy_checked(from, beside, files);
  if (made) {
    const shared_manifest stored{state_layout::version,   manifest.applied.next,   manifest.applied.pair.epoch, manifest.applied.pair.writer, last_hash,
                                 manifest.schema_version, manifest.code_version, manifest.state_hash,         manifest.made_at,             files};
    made = write_whole_file(beside / "manifest.json", to_canonical_json(stored));
  }
  if (made) {
    sync_folder(beside);
    fs::rename(beside, place / name, error);
    if (error == std::errc::directory_not_empty || error == std::errc::file_exists) { // the same, by another node
      remove_folder(beside);
      return false;
    }
    if (error) made = share_failure("can't put in place", place / name, error);
  }
  if (!made) {
    remove_folder(beside);
    return std::unexpected(std::move(made.error()));
  }
  sync_folder(place);
  prune(partition);
  return true;
}

/// Those that can't be read take no place from others; they go once they are older than what is kept.
void state_share::prune(partition_number partition) const {
  const auto place = of(partition);
  if (auto good = all(partition); good && good->size() > limits::checkpoint_generations) {
    const auto& oldest_kept = (*good)[good->size() - limits::checkpoint_generations].name;
    for (const auto& name : names_in(place, false))
      if (name < oldest_kept) remove_folder(place / name);
  }
  for (const auto& name : names_in(place, true)) {
    std::error_code error;
    const auto touched = fs::last_write_time(place / name, error);
    if (!error && fs::file_time_type::clock::now() - touched > unfinished_kept) remove_folder(place / name);
  }
}

outcome<void> state_share::copy_out(partition_number partition, const kept_generation& generation, const fs::path& to) const {
  const auto from = of(partition) / generation.name;
  auto stored = read_shared_manifest(from);
  if (!stored) return std::unexpected(std::move(stored.error()));
  return gone_or(from, copy_checked(from, to, stored->files));
}

outcome<void> state_share::check(partition_number partition, const kept_generation& generation) const {
  const auto place = of(partition) / generation.name;
  auto stored = read_shared_manifest(place);
  if (!stored) return std::unexpected(std::move(stored.error()));
  return gone_or(place, check_files(place, stored->files));
}

void state_share::drop(partition_number partition, const kept_generation& generation) const {
  remove_folder(of(partition) / generation.name);
}

} // namespace reverie::events
