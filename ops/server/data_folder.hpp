#pragma once

#include "events/model/failure.hpp"

#include <filesystem>

namespace reverie::ops {

/// The folder a server keeps its log, state and keys in; held by one process at a time.
///
///     format          the layout's version, a number
///     lock            held (flock) while a server runs
///     master.key      mode 0600, unless the key comes from REVERIE_MASTER_KEY
///     log_name        which log the folder belongs to
///     log/            the embedded log
///     state/<n>/      local state of partition n, folded from it
///     verification/<n>/   how far the background verification of partition n came, and what it folded
///     state-verified/     of an interrupted `replay --all --verify`: the next one goes on from it
///     state/kafka/<cluster>.<topic>/<n>/   the same of a log in Kafka; the setting state-share has a folder of the same name
class data_folder {
public:
  static constexpr int format_version = 1;

  /// Opens or makes the folder. `locked` when another server holds it, `unknown_version` when a newer build wrote it, `no_space`,
  /// `unavailable` when it can't be written. Nothing in it is changed before it is ours.
  static events::outcome<data_folder> open(const std::filesystem::path& path);

  data_folder(data_folder&& other) noexcept;
  data_folder& operator=(data_folder&&) = delete;
  ~data_folder(); ///< lets the lock go

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path master_key() const { return path_ / "master.key"; }

private:
  data_folder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_ = -1;
};

} // namespace reverie::ops
