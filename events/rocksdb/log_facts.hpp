#pragma once

#include "events/model/failure.hpp"

#include <cstdint>

namespace rocksdb {
class DB;
}

namespace reverie::events {

/// What an embedded log says about itself, beside its records.
struct log_facts {
  static constexpr std::uint32_t layout_version = 1;

  std::uint32_t layout = layout_version;
  std::uint32_t partitions = 0;
};

/// `not_found` when the log is fresh, `corrupted`, or `unknown_version` when a newer build made it.
outcome<log_facts> read_log_facts(rocksdb::DB& database);
/// The facts that stand there; a fresh log gets this number of partitions.
outcome<log_facts> read_or_write_log_facts(rocksdb::DB& database, std::uint32_t partitions_if_fresh);

} // namespace reverie::events
