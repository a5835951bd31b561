#include "ops/server/server.hpp"

#include "actors/runtime/node.hpp"
#include "events/rocksdb/rocksdb_log.hpp"
#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "gateway/http/server.hpp"
#include "ops/server/data_folder.hpp"
#include "ops/server/logging.hpp"
#include "ops/server/models.hpp"
#include "ops/server/sample_characters.hpp"
#include "ops/server/server_options.hpp"
#include "ops/server/vault_access.hpp"
#include "projections/queries/postgres_read_models.hpp"
#include "projections/queries/postgres_recall.hpp"
#include "projections/runner/embedding_worker.hpp"
#include "projections/runner/projection_runner.hpp"

#include <thread>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr auto pending_accounts_kept = std::chrono::minutes(10);
constexpr auto serving_within = std::chrono::minutes(10);
constexpr auto serving_looked_at = std::chrono::milliseconds(20);

} // namespace

/// In the order of their start; destroyed in the reverse one.
struct server::parts {
  explicit parts(const settings& values) : given(values) {}

  settings given;
  std::optional<data_folder> data;
  std::optional<vault_access> vault;
  std::unique_ptr<events::event_log> log;
  std::shared_ptr<events::event_log> log_for_actors; ///< does not own: the projections read it after the actors are gone
  std::shared_ptr<events::state_store_factory> states;
  models chosen;
  std::shared_ptr<projections::postgres_recall> recall;
  std::shared_ptr<actors::runtime::node> node;
  std::unique_ptr<projections::postgres_read_models> reads;
  std::unique_ptr<projections::embedding_worker> embedding;
  std::unique_ptr<projections::projection_runner> projections;
  std::unique_ptr<gateway::gateway_server> gateway;
  std::uint16_t port = 0;
  bool stopped = false;

  outcome<void> open_stores();
  outcome<void> start_actors();
  outcome<void> wait_until_serving();
  outcome<void> start_projections();
  outcome<void> start_gateway();
};

outcome<void> server::parts::open_stores() {
  auto folder = data_folder::open(given.text("data"));
  if (!folder) return std::unexpected(folder.error());
  data.emplace(std::move(*folder));
  auto master = find_master_key(given, data->master_key(), true);
  if (!master) return std::unexpected(master.error());
  vault.emplace(open_vault(given, *master));
  auto swept = vault->accounts->sweep_pending(std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()) -
                                              pending_accounts_kept);
  if (!swept) return std::unexpected(swept.error());
  auto opened = events::rocksdb_log::open(data->log(), {.partitions = static_cast<std::uint32_t>(given.number("partitions"))});
  if (!opened) return std::unexpected(opened.error());
  log = std::move(*opened);
  log_for_actors = std::shared_ptr<events::event_log>(std::shared_ptr<void>(), log.get());
  auto factory = events::rocksdb_state_factory::open(data->state(), {.on_fallback = [](const events::state_fallback& what) {
    ops::log("warn", "local state fell back", {{"partition", std::to_string(what.partition.value)}, {"why", what.reason.message}});
  }});
  if (!factory) return std::unexpected(factory.error());
  states = std::move(*factory);
  return {};
}

outcome<void> server::parts::start_actors() {
  auto models = choose_models(given);
  if (!models) return std::unexpected(models.error());
  chosen = std::move(*models);
  ops::log("info", "models", {{"chat", chosen.chat->describe().name}, {"kind", chosen.chat->describe().kind}, {"embeddings", chosen.embeddings->model()}});
  recall = std::make_shared<projections::postgres_recall>(*vault->pool, chosen.embeddings);
  node = actors::runtime::start_node(node_options_of(given), {.log = log_for_actors,
                                                              .states = states,
                                                              .keys = vault->keys,
                                                              .clock = nullptr,
                                                              .random = nullptr,
                                                              .model = chosen.chat,
                                                              .memories = recall,
                                                              .log_line = log_runtime_line});
  return wait_until_serving();
}

outcome<void> server::parts::wait_until_serving() {
  auto until = std::chrono::steady_clock::now() + serving_within;
  for (;;) {
    auto partitions = node->status();
    auto waiting = std::ranges::find(partitions, false, &actors::partition_status::serving);
    if (!partitions.empty() && waiting == partitions.end()) return {};
    if (std::chrono::steady_clock::now() > until)
      return fail(failure_code::timed_out, "partition " + std::to_string(waiting->partition.value) + " does not serve: " + waiting->reason);
    std::this_thread::sleep_for(serving_looked_at);
  }
}

outcome<void> server::parts::start_projections() {
  embedding = std::make_unique<projections::embedding_worker>(given.text("database-url"), *vault->keys, chosen.embeddings);
  projections = std::make_unique<projections::projection_runner>(
      projections::projection_runner::options{.conninfo = given.text("database-url"),
                                              .after_commit = [worker = embedding.get()](events::partition_number) { worker->wake(); }},
      *log, *vault->keys);
  if (auto started = projections->start(); !started) return started;
  embedding->start();
  return {};
}

outcome<void> server::parts::start_gateway() {
  reads = std::make_unique<projections::postgres_read_models>(*vault->pool);
  auto not_ready = [this] { return reasons_not_ready(*node, projections->progress(), *vault->pool); };
  gateway::gateway_ports ports{.node = *node,
                               .reads = *reads,
                               .recall = *recall,
                               .accounts = *vault->accounts,
                               .keys = *vault->keys,
                               .progress = projections->progress(),
                               .secret = vault->master.derive("access tokens"),
                               .now = [] { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); },
                               .models = [this] { return model_status_of(*chosen.chat, *chosen.embeddings); },
                               .not_ready = not_ready,
                               .log = log_gateway_entry};
  gateway = std::make_unique<gateway::gateway_server>(gateway_options_of(given), std::move(ports));
  auto listening = gateway->start();
  if (!listening) return std::unexpected(listening.error());
  port = *listening;
  return {};
}

server::server(std::unique_ptr<parts> held) : parts_(std::move(held)) {}

server::~server() { stop(); }

outcome<std::unique_ptr<server>> server::start(const settings& given) {
  if (given.text("database-url").empty())
    return fail(failure_code::malformed, "no database is named: set --database-url or REVERIE_DATABASE_URL");
  std::unique_ptr<server> made(new server(std::make_unique<parts>(given)));
  auto& parts = *made->parts_;
  if (auto done = parts.open_stores(); !done) return std::unexpected(done.error());
  if (auto done = parts.start_actors(); !done) return std::unexpected(done.error());
  if (!given.text("samples").empty()) {
    auto loaded = load_sample_characters(given.text("samples"), *parts.node);
    for (const auto& problem : loaded.problems) log("warn", problem);
    log("info", "sample characters", {{"added", std::to_string(loaded.added)}, {"present", std::to_string(loaded.present)}});
  }
  if (auto done = parts.start_projections(); !done) return std::unexpected(done.error());
  if (auto done = parts.start_gateway(); !done) return std::unexpected(done.error());
  return made;
}

void server::stop() {
  auto& parts = *parts_;
  if (std::exchange(parts.stopped, true)) return;
  auto within = parts.given.milliseconds("stop-deadline-ms");
  if (parts.gateway) parts.gateway->stop(within);
  if (parts.node) parts.node->stop(within);
  parts.gateway.reset();
  if (parts.projections) parts.projections->stop();
  if (parts.embedding) parts.embedding->stop();
  if (parts.log) parts.log->close();
}

std::uint16_t server::port() const { return parts_->port; }

std::string server::url() const {
  bool tls = !parts_->given.text("tls-certificate").empty();
  return (tls ? "https://" : "http://") + parts_->given.text("address") + ":" + std::to_string(parts_->port);
}

actors::actor_node& server::node() { return *parts_->node; }

} // namespace reverie::ops
