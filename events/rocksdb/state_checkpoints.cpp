#include "events/rocksdb/state_checkpoints.hpp"

#include "events/codec/fields_json.hpp"
#include "events/model/limits.hpp"
#include "events/rocksdb/checkpoint_files.hpp"
#include "events/rocksdb/rocksdb_status.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

namespace reverie::events {

namespace fs = std::filesystem;

namespace {

/// manifest.json.
struct stored_manifest {
  std::uint64_t generation = 0;
  log_offset next{};
  epoch_number epoch{};
  writer_id writer{};
  std::uint32_t schema_version = 1;
  std::string code_version;
  std::string state_hash;
  timestamp made_at{};
  std::vector<checkpoint_file> files;

  static constexpr auto fields = std::tuple{
      field("generation", &stored_manifest::generation),     field("next", &stored_manifest::next),
      field("epoch", &stored_manifest::epoch),               field("writer", &stored_manifest::writer),
      field("schema_version", &stored_manifest::schema_version), field("code_version", &stored_manifest::code_version),
      field("state_hash", &stored_manifest::state_hash),     field("made_at", &stored_manifest::made_at),
      field("files", &stored_manifest::files)};
};

std::unexpected<failure> checkpoint_failure(std::string_view doing, const fs::path& path, const std::error_code& error) {
  auto code = error == std::errc::no_space_on_device ? failure_code::no_space : failure_code::unavailable;
  return fail(code, std::string(doing) + " " + path.string() + ": " + error.message());
}

outcome<stored_manifest> read_manifest(const fs::path& generation) {
  auto text = read_whole_file(generation / "manifest.json");
  if (!text) return std::unexpected(std::move(text.error()));
  return from_canonical_json<stored_manifest>(*text);
}

checkpoint_manifest public_form(const stored_manifest& stored) {
  checkpoint_manifest manifest;
  manifest.generation = stored.generation;
  manifest.applied = {stored.next, {stored.epoch, stored.writer}};
  manifest.schema_version = stored.schema_version;
  manifest.code_version = stored.code_version;
  manifest.state_hash = stored.state_hash;
  manifest.made_at = stored.made_at;
  for (const auto& file : stored.files) manifest.bytes += file.bytes;
  return manifest;
}

} // namespace

fs::path state_checkpoints::of(std::uint64_t generation) const {
  auto number = std::to_string(generation);
  return folder_ / "checkpoints" / (std::string(12 - std::min<std::size_t>(12, number.size()), '0') + number);
}

std::vector<std::uint64_t> state_checkpoints::generations() const {
  std::vector<std::uint64_t> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_ / "checkpoints", error)) {
    auto name = entry.path().filename().string();
    std::uint64_t number = 0;
    auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (bad == std::errc{} && end == name.data() + name.size()) found.push_back(number);
  }
  std::ranges::sort(found);
  return found;
}

outcome<std::uint64_t> state_checkpoints::link(rocksdb::DB& database) {
  std::error_code error;
  fs::create_directories(folder_ / "checkpoints", error);
  if (error) return checkpoint_failure("can't make", folder_ / "checkpoints", error);
  auto known = generations();
  auto generation = known.empty() ? 1 : known.back() + 1;
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(&database, &made);
  std::unique_ptr<rocksdb::Checkpoint> owned(made);
  constexpr auto never_flush = std::numeric_limits<std::uint64_t>::max();
  if (status.ok()) status = owned->CreateCheckpoint(of(generation).string(), never_flush);
  if (!status.ok()) return failure_of(status, "can't make a checkpoint");
  return generation;
}

outcome<checkpoint_manifest> state_checkpoints::finish(checkpoint_manifest manifest) {
  auto folder = of(manifest.generation);
  std::vector<checkpoint_file> known;
  fs::path known_folder;
  for (auto generation : generations()) {
    if (generation >= manifest.generation) break;
    if (auto before = read_manifest(of(generation))) {
      known = before->files;
      known_folder = of(generation);
    }
  }
  auto files = checksum_files(folder, known, known_folder);
  if (!files) return std::unexpected(std::move(files.error()));
  stored_manifest stored{manifest.generation,     manifest.applied.next,   manifest.applied.pair.epoch, manifest.applied.pair.writer,
                         manifest.schema_version, manifest.code_version, manifest.state_hash,         manifest.made_at,
                         std::move(*files)};
  if (auto written = write_whole_file(folder / "manifest.json", to_canonical_json(stored)); !written) {
    return std::unexpected(std::move(written.error()));
  }
  prune();
  return public_form(stored);
}

void state_checkpoints::prune() const {
  std::vector<std::uint64_t> good;
  for (auto generation : generations()) {
    // One without a manifest was cut short by a crash.
    if (read_manifest(of(generation))) good.push_back(generation);
    else remove_folder(of(generation));
  }
  for (std::size_t i = 0; i + limits::checkpoint_generations < good.size(); ++i) remove_folder(of(good[i]));
}

outcome<std::vector<checkpoint_manifest>> state_checkpoints::all() const {
  std::vector<checkpoint_manifest> manifests;
  for (auto generation : generations()) {
    if (auto stored = read_manifest(of(generation))) manifests.push_back(public_form(*stored));
  }
  return manifests;
}

outcome<void> state_checkpoints::restore(std::uint64_t generation) {
  auto stored = read_manifest(of(generation));
  if (!stored) return std::unexpected(std::move(stored.error()));
  if (auto good = check_files(of(generation), stored->files); !good) return good;
  auto beside = gathering();
  if (auto copied = copy_database(of(generation), beside, stored->files); !copied) return copied;
  return put_in_place(beside);
}

fs::path state_checkpoints::gathering() const {
  auto beside = folder_ / "restoring";
  remove_folder(beside);
  return beside;
}

/// A crash between the two leaves no state, which is made again.
outcome<void> state_checkpoints::put_in_place(const fs::path& database) {
  remove_folder(current());
  std::error_code error;
  fs::rename(database, current(), error);
  if (error) return checkpoint_failure("can't put in place", current(), error);
  fs::remove(folder_ / "suspect", error);
  return {};
}

outcome<std::pair<fs::path, std::vector<checkpoint_file>>> state_checkpoints::files_of(std::uint64_t generation) const {
  auto stored = read_manifest(of(generation));
  if (!stored) return std::unexpected(std::move(stored.error()));
  return std::pair{of(generation), std::move(stored->files)};
}

outcome<std::optional<std::uint64_t>> state_checkpoints::restore_newest_good() {
  auto candidates = generations();
  while (!candidates.empty()) {
    auto generation = candidates.back();
    candidates.pop_back();
    auto restored = restore(generation);
    if (!restored && (restored.error().code == failure_code::no_space || restored.error().code == failure_code::unavailable)) {
      return std::unexpected(std::move(restored.error()));
    }
    if (restored) return std::optional{generation};
    remove_folder(of(generation));
  }
  remove_folder(current());
  std::error_code ignored;
  fs::remove(folder_ / "suspect", ignored);
  return std::optional<std::uint64_t>{};
}

void state_checkpoints::drop(std::uint64_t generation) const { remove_folder(of(generation)); }

void state_checkpoints::mark_suspect() const { std::ofstream(folder_ / "suspect").put('\n'); }

bool state_checkpoints::is_suspect() const {
  std::error_code error;
  return fs::exists(folder_ / "suspect", error);
}

} // namespace reverie::events
