#include "projections/runner/live_latency_store.hpp"

namespace reverie::projections {
namespace {

constexpr const char* said_lately = "interval '10 seconds'"; // servers speak every two seconds

} // namespace

outcome<void> tell_live_latency(connection& database, const std::string& node, const live_latency& now) {
  const auto told = database.run("INSERT INTO runner.live_latency (node, command_p99_ms, commands) VALUES ($1, $2, $3) "
                                 "ON CONFLICT (node) DO UPDATE SET command_p99_ms = excluded.command_p99_ms, commands = excluded.commands, at = clock_timestamp()",
                                 {node, std::to_string(now.command_p99_ms), std::to_string(now.commands)});
  if (!told) return std::unexpected(told.error());
  return {};
}

outcome<heard_latency> read_live_latency(connection& database) {
  // A server without commands has no percentile: it says nothing about those that have.
  const auto rows = database.run("SELECT max(command_p99_ms) FILTER (WHERE commands > 0), coalesce(sum(commands), 0), (extract(epoch FROM max(at)) * 1000)::bigint "
                                 "FROM runner.live_latency WHERE at > clock_timestamp() - " + std::string(said_lately));
  if (!rows) return std::unexpected(rows.error());
  heard_latency heard;
  if (rows->is_null(0, 2)) return heard;
  heard.mark = rows->integer(0, 2);
  heard.all = live_latency{rows->is_null(0, 0) ? 0 : rows->real(0, 0), static_cast<std::uint64_t>(rows->integer(0, 1))};
  return heard;
}

} // namespace reverie::projections
