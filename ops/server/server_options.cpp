#include "ops/server/server_options.hpp"

#include "ops/server/logging.hpp"

#include <algorithm>
#include <format>
#include <thread>

namespace reverie::ops {

actors::runtime::node_options node_options_of(const settings& given) {
  actors::runtime::node_options options;
  const bool one_of_several = !given.text("node").empty();
  options.node_name = one_of_several ? given.text("node") : given.text("address") + ":" + given.text("port");
  options.own_nothing = one_of_several;
  auto threads = static_cast<std::size_t>(given.number("actor-threads"));
  options.scheduler_threads = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  options.checkpoint_records = static_cast<std::uint64_t>(given.number("checkpoint-records"));
  if (!given.text("state-share").empty()) {
    options.share_every = given.milliseconds("state-share-every-ms");
    options.checkpoint_every = std::min(options.checkpoint_every, options.share_every);
  }
  options.entity_memory_bytes = static_cast<std::size_t>(given.number("entity-memory-mib")) * 1024 * 1024;
  options.entity_idle = given.milliseconds("entity-idle-ms");
  return options;
}

gateway::gateway_options gateway_options_of(const settings& given) {
  gateway::gateway_options options;
  options.address = given.text("address");
  options.port = static_cast<std::uint16_t>(given.number("port"));
  options.web_root = given.text("web-root");
  options.tls_certificate = given.text("tls-certificate");
  options.tls_key = given.text("tls-key");
  options.io_threads = static_cast<std::size_t>(given.number("http-threads"));
  options.connections = static_cast<std::size_t>(given.number("connections"));
  options.connections_per_user = static_cast<std::size_t>(given.number("connections-per-user"));
  options.messages_per_minute = static_cast<std::uint32_t>(given.number("messages-per-minute"));
  options.heartbeat = given.milliseconds("heartbeat-ms");
  return options;
}

gateway::model_status model_status_of(const actors::chat_model& chat, const actors::embedder& embeddings) {
  auto description = chat.describe();
  return {.chat_name = description.name,
          .chat_kind = description.kind,
          .chat_note = description.note,
          .embedding_name = embeddings.model(),
          .embedding_dimension = embeddings.dimension()};
}

void log_runtime_line(actors::runtime::severity how, std::string_view line) {
  using actors::runtime::severity;
  log(how == severity::error ? "error" : how == severity::warning ? "warn" : "info", line);
}

void log_gateway_entry(const gateway::log_entry& entry) {
  using level = gateway::log_entry::level;
  std::vector<std::pair<std::string, std::string>> fields;
  auto add = [&](const char* name, std::string value) {
    if (!value.empty()) fields.emplace_back(name, std::move(value));
  };
  add("request_id", entry.request_id);
  add("method", entry.method);
  add("route", entry.route);
  if (entry.status != 0) add("status", std::to_string(entry.status));
  if (entry.milliseconds > 0) add("ms", std::format("{:.2f}", entry.milliseconds));
  if (!entry.user.is_nil()) add("user_id", events::to_string(entry.user));
  add("detail", entry.message);
  auto severity = entry.severity == level::error     ? "error"
                  : entry.severity == level::warning ? "warn"
                  : entry.severity == level::info    ? "info"
                                                     : "debug";
  log_fields(severity, entry.what, fields.data(), fields.size());
}

std::vector<std::string> reasons_not_ready(actors::actor_node& node, projections::projection_progress& progress,
                                           projections::connection_pool& database) {
  std::vector<std::string> reasons;
  for (const auto& each : node.status())
    if (!each.serving) reasons.push_back("partition " + std::to_string(each.partition.value) + ": " + each.reason);
  if (auto reached = database.run("SELECT 1"); !reached) reasons.push_back("postgres: " + reached.error().message);
  for (const auto& each : progress.status())
    if (!each.problem.empty())
      reasons.push_back("projection " + each.projection + ", partition " + std::to_string(each.partition.value) + ": " + each.problem);
  return reasons;
}

} // namespace reverie::ops
