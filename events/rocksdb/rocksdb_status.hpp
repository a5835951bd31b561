#pragma once

#include "events/model/failure.hpp"

#include <rocksdb/status.h>
#include <string_view>

namespace reverie::events {

/// A status of RocksDB as a failure: a full disk, a held lock, damage (a missing file is damage) and the rest keep apart. Status texts name files, never values.
inline std::unexpected<failure> failure_of(const rocksdb::Status& status, std::string_view doing) {
  auto code = failure_code::unavailable;
  auto text = status.ToString();
  if (status.IsNoSpace() || text.find("No space left") != std::string::npos) code = failure_code::no_space;
  else if (status.IsCorruption() || status.IsPathNotFound() || text.find("No such file") != std::string::npos) code = failure_code::corrupted;
  else if (status.IsNotFound()) code = failure_code::not_found;
  else if (status.IsShutdownInProgress()) code = failure_code::stopping;
  else if (status.IsIOError() && (text.find("lock hold by") != std::string::npos || text.find("While lock file") != std::string::npos))
    code = failure_code::locked;
  return fail(code, std::string(doing) + ": " + text);
}

} // namespace reverie::events
