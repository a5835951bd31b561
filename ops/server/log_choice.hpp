#pragma once

#include "events/kafka/kafka_cluster.hpp"
#include "events/log/event_log.hpp"
#include "ops/server/settings.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace reverie::ops {

/// The log that the settings name, opened.
struct chosen_log {
  std::shared_ptr<events::event_log> log;
  std::string name;            ///< `rocksdb`, or `kafka <cluster>/<topic>`: which log it is, wherever its brokers are now
  std::filesystem::path state; ///< the folder of local state that was folded from this very log
};

/// Whether `log` names Kafka.
bool log_is_kafka(const settings& given);

/// The cluster and topic of the settings' own log; `malformed` for an address or option that can't be.
events::outcome<events::kafka_cluster> kafka_cluster_of(const settings& given);

/// Opens the log to serve on; makes it when it is not there. `malformed` for an address or option that can't be, `already_exists` for a
/// topic with wrong settings and for a data folder that was used with another log.
events::outcome<chosen_log> open_log(const settings& given, const std::filesystem::path& data);

/// Opens it for a tool that only reads, beside the server that may own it. Nothing is made.
events::outcome<chosen_log> open_log_beside(const settings& given, const std::filesystem::path& data);

/// A log that is not the settings' own: `kafka://…` or `rocksdb:<data folder>`.
struct other_log {
  std::string where;
  std::optional<std::string> topic; ///< none: that of the settings
};

/// Opens another log to read from, or to write to (it is made when it is not there); how to reach Kafka is told by the settings.
events::outcome<chosen_log> open_other_log(const settings& given, const other_log& which, bool to_write);

} // namespace reverie::ops
