#pragma once

#include "events/model/failure.hpp"
#include "events/model/field.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace reverie::events {

/// One file of a checkpoint as its manifest names it.
struct checkpoint_file {
  std::string name;
  std::uint64_t bytes = 0;
  std::string checksum; ///< XXH3-128 of the content, hex

  static constexpr auto fields = std::tuple{field("name", &checkpoint_file::name), field("bytes", &checkpoint_file::bytes),
                                            field("checksum", &checkpoint_file::checksum)};
};

/// Checksums all files of a folder, in name order. A file that is the same one (by inode) as in `known_folder` keeps the checksum of
/// `known`: table files never change and are shared between generations.
outcome<std::vector<checkpoint_file>> checksum_files(const std::filesystem::path& folder, const std::vector<checkpoint_file>& known,
                                                     const std::filesystem::path& known_folder);

/// `corrupted`, naming the first file that is missing or not what the manifest says.
outcome<void> check_files(const std::filesystem::path& folder, const std::vector<checkpoint_file>& files);

/// Makes `to` a database folder of these files: table files are linked, the rest (which RocksDB goes on writing) is copied.
outcome<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to,
                            const std::vector<checkpoint_file>& files);

/// Copies files byte by byte into a new folder and syncs them; `corrupted`, naming the first that is missing or not what the manifest
/// says, judged by the very bytes that were copied.
outcome<void> copy_checked(const std::filesystem::path& from, const std::filesystem::path& to, const std::vector<checkpoint_file>& files);

outcome<std::string> read_whole_file(const std::filesystem::path& file);
/// Writes beside, syncs and renames into place.
outcome<void> write_whole_file(const std::filesystem::path& file, const std::string& text);
/// Best effort: what can't be removed is met again by the next start.
void remove_folder(const std::filesystem::path& folder);

} // namespace reverie::events
