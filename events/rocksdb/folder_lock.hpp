#pragma once

#include "events/model/failure.hpp"

#include <filesystem>

namespace reverie::events {

/// Holds a folder for this process: a lock on the file `lock` in it, which goes with the process however it ends.
class folder_lock {
public:
  /// Makes the folder if need be. `locked` when another holder is alive (the message names its process id).
  static outcome<folder_lock> take(const std::filesystem::path& folder);
  ~folder_lock();
  folder_lock(folder_lock&& other) noexcept;
  folder_lock& operator=(folder_lock&& other) noexcept;

private:
  explicit folder_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

} // namespace reverie::events
