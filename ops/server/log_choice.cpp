#include "ops/server/log_choice.hpp"

#include "events/kafka/kafka_log.hpp"
#include "events/replay/slice_map_check.hpp"
#include "events/rocksdb/rocksdb_log.hpp"
#include "ops/server/logging.hpp"

#include <cstdio>
#include <fstream>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::string_view embedded = "rocksdb";

/// librdkafka's own words: what it tries again by itself is no error of ours.
void log_kafka_line(int level, std::string_view line) { log(level <= 3 ? "warn" : "debug", "kafka", {{"detail", std::string(line)}}); }

/// A tool's standard output is its result.
void print_kafka_line(int level, std::string_view line) {
  if (level <= 3) std::fprintf(stderr, "reverie: kafka: %.*s\n", static_cast<int>(line.size()), line.data());
}

outcome<events::kafka_cluster> cluster_of(const settings& given, const other_log& which) {
  events::kafka_cluster cluster;
  auto brokers = events::parse_kafka_url(which.where);
  if (!brokers) return std::unexpected(std::move(brokers.error()));
  auto transport = events::parse_kafka_options(given.text("kafka-options"));
  if (!transport) return std::unexpected(std::move(transport.error()));
  cluster.brokers = std::move(*brokers);
  cluster.transport = std::move(*transport);
  cluster.topic = which.topic.value_or(given.text("kafka-topic"));
  return cluster;
}

outcome<events::kafka_log_options> kafka_options_of(const settings& given, const other_log& which) {
  events::kafka_log_options options;
  auto cluster = cluster_of(given, which);
  if (!cluster) return std::unexpected(std::move(cluster.error()));
  options.cluster = std::move(*cluster);
  options.topic.replication = static_cast<std::uint32_t>(given.number("kafka-replication"));
  // The table's default is the embedded log's.
  if (given.values().find("partitions")->second.source != setting_source::built_in)
    options.topic.partitions = static_cast<std::uint32_t>(given.number("partitions"));
  return options;
}

outcome<chosen_log> open_kafka_log(const settings& given, const other_log& which, const std::filesystem::path& data, bool may_create) {
  auto options = kafka_options_of(given, which);
  if (!options) return std::unexpected(std::move(options.error()));
  if (!may_create) options->topic = {.create = false}; // who only reads asks for nothing else
  // The actors' tail, the projections, on one of several nodes what follows all partitions, and what verifies the log.
  const std::size_t verifying = given.number("verification-records-per-second") > 0 ? 1 : 0;
  options->standing_readers = !may_create ? 0 : (given.text("node").empty() ? 2 : 3) + verifying;
  options->cluster.log_line = may_create ? log_kafka_line : print_kafka_line;
  auto topic = options->cluster.topic;
  auto opened = events::kafka_log::open(std::move(*options));
  if (!opened) {
    if (opened.error().code == failure_code::unavailable) opened.error().message = which.where + ": " + opened.error().message;
    return std::unexpected(std::move(opened.error()));
  }
  if (auto fits = events::check_slice_map(**opened); !fits) {
    fits.error().message = "the topic " + topic + ": " + fits.error().message;
    return std::unexpected(std::move(fits.error()));
  }
  const auto& cluster = (*opened)->facts().cluster_id;
  return chosen_log{std::move(*opened), "kafka " + cluster + "/" + topic, data / "state" / "kafka" / (cluster + "." + topic)};
}

/// A data folder, and the tables made beside it, belong to one log: positions of one mean nothing in another.
outcome<void> hold_to(const std::string& name, const std::filesystem::path& data) {
  auto file = data / "log_name";
  std::string known;
  if (std::ifstream in(file); in) std::getline(in, known);
  std::error_code ignored;
  if (known.empty() && std::filesystem::exists(data / "log" / "records", ignored)) known = embedded;
  if (known == name) return {};
  if (!known.empty())
    return fail(failure_code::already_exists, "the data folder " + data.string() + " was used with another log (" + known + ", now " + name +
                                                  "): name another --data and database, or remove " + file.string() +
                                                  " after the events were moved and the tables are rebuilt");
  std::ofstream out(file);
  out << name << '\n';
  out.close();
  if (!out) return fail(failure_code::unavailable, "can't write " + file.string());
  return {};
}

outcome<chosen_log> open_embedded_log(const settings& given, const std::filesystem::path& data) {
  if (auto same = hold_to(std::string(embedded), data); !same) return std::unexpected(std::move(same.error()));
  auto opened = events::rocksdb_log::open(data / "log", {.partitions = static_cast<std::uint32_t>(given.number("partitions"))});
  if (!opened) return std::unexpected(std::move(opened.error()));
  return chosen_log{std::move(*opened), std::string(embedded), data / "state"};
}

outcome<chosen_log> open_embedded_log_beside(const std::filesystem::path& data) {
  auto opened = events::rocksdb_log::open_beside(data / "log");
  if (!opened) return std::unexpected(std::move(opened.error()));
  return chosen_log{std::move(*opened), std::string(embedded), data / "state"};
}

} // namespace

bool log_is_kafka(const settings& given) { return given.text("log").starts_with("kafka:"); }

outcome<events::kafka_cluster> kafka_cluster_of(const settings& given) {
  auto cluster = cluster_of(given, {given.text("log"), {}});
  if (cluster) cluster->log_line = log_kafka_line;
  return cluster;
}

outcome<chosen_log> open_log(const settings& given, const std::filesystem::path& data) {
  if (log_is_kafka(given)) {
    auto chosen = open_kafka_log(given, {given.text("log"), {}}, data, true);
    if (!chosen) return chosen;
    if (auto same = hold_to(chosen->name, data); !same) return std::unexpected(std::move(same.error()));
    return chosen;
  }
  if (given.text("log") != embedded)
    return fail(failure_code::malformed, "log must be rocksdb or kafka://host:port[,host:port], not '" + given.text("log") + "'");
  return open_embedded_log(given, data);
}

outcome<chosen_log> open_log_beside(const settings& given, const std::filesystem::path& data) {
  if (log_is_kafka(given)) return open_kafka_log(given, {given.text("log"), {}}, data, false);
  return open_embedded_log_beside(data);
}

outcome<chosen_log> open_other_log(const settings& given, const other_log& which, bool to_write) {
  if (which.where.starts_with("kafka:")) return open_kafka_log(given, which, given.text("data"), to_write);
  constexpr std::string_view prefix = "rocksdb:";
  if (!which.where.starts_with(prefix) || which.where.size() == prefix.size())
    return fail(failure_code::malformed, "the other log must be kafka://host:port[,host:port] or rocksdb:<data folder>, not '" + which.where + "'");
  std::filesystem::path data = which.where.substr(prefix.size());
  if (!to_write) return open_embedded_log_beside(data);
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error) return fail(failure_code::unavailable, "can't make the folder " + data.string() + ": " + error.message());
  return open_embedded_log(given, data);
}

} // namespace reverie::ops
