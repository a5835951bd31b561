#include "ops/server/server.hpp"

#include "gateway/http/server.hpp"
#include "ops/server/cluster_progress.hpp"
#include "ops/server/logging.hpp"
#include "ops/server/models.hpp"
#include "ops/server/operator_side.hpp"
#include "ops/server/sample_characters.hpp"
#include "ops/server/server_core.hpp"
#include "ops/server/server_options.hpp"
#include "projections/queries/postgres_read_models.hpp"
#include "projections/queries/postgres_recall.hpp"
#include "projections/runner/embedding_worker.hpp"
#include "projections/runner/projection_runner.hpp"

namespace reverie::ops {

using events::outcome;

/// In the order of their start; destroyed in the reverse one.
struct server::parts {
  explicit parts(const settings& values) : core(values) {}

  server_core core;
  models chosen;
  std::unique_ptr<projections::active_embedder> searching_by;
  std::vector<std::unique_ptr<projections::embedding_worker>> embedding; ///< one for each model
  std::unique_ptr<projections::projection_runner> projections;
  std::unique_ptr<cluster_progress> all_progress; ///< of one of several nodes, whose own projections are some
  std::shared_ptr<projections::postgres_recall> recall;
  std::unique_ptr<projections::postgres_read_models> reads;
  std::unique_ptr<operator_side> operators;
  std::unique_ptr<gateway::gateway_server> gateway;
  std::uint16_t port = 0;
  bool stopped = false;

  outcome<void> prepare_models();
  void prepare_projections();
  outcome<void> start_embedding();
  void load_samples();
  outcome<void> start_gateway();
  projections::projection_progress& progress() { return all_progress ? *all_progress : projections->progress(); }
  std::vector<std::string> not_ready();
};

outcome<void> server::parts::prepare_models() {
  auto models = choose_models(core.given);
  if (!models) return std::unexpected(models.error());
  chosen = std::move(*models);
  auto chat = chosen.chat->describe();
  log("info", "models", {{"chat", chat.name}, {"kind", chat.kind}, {"embeddings", chosen.embeddings->model()}});
  return {};
}

void server::parts::prepare_projections() {
  const auto& conninfo = core.given.text("database-url");
  std::vector<std::shared_ptr<actors::embedder>> embedders{chosen.embeddings};
  if (chosen.next_embeddings) embedders.push_back(chosen.next_embeddings);
  for (const auto& each : embedders) {
    projections::text_embedding with{.model = each->model(), .dimension = each->dimension(), .embed = [each](const std::vector<std::string>& texts) { return each->embed(texts); },
                                     .upkeep = projections::vector_upkeep::registered};
    embedding.push_back(std::make_unique<projections::embedding_worker>(conninfo, std::move(with), *core.vault->keys, core.log->partitions()));
  }
  searching_by = std::make_unique<projections::active_embedder>(*core.vault->pool, std::move(embedders));
  projections::projection_runner::options how{.conninfo = conninfo};
  how.after_commit = [this](events::partition_number) {
    for (auto& each : embedding) each->wake();
  };
  how.follow_all = !is_one_of_several(core.given);
  projections = std::make_unique<projections::projection_runner>(std::move(how), *core.log, *core.vault->keys);
  if (is_one_of_several(core.given)) { // the owner of a partition follows it
    all_progress = std::make_unique<cluster_progress>(conninfo, projections->progress());
    core.on_partitions = {[this](events::partition_number partition) { projections->follow(partition); },
                          [this](events::partition_number partition) { projections->unfollow(partition); }};
  }
  recall = std::make_shared<projections::postgres_recall>(*core.vault->pool, *searching_by, &progress());
}

/// Which model's vectors searches go by is kept in the database: a server that can't ask that model makes its own serve.
outcome<void> server::parts::start_embedding() {
  auto database = core.vault->pool->borrow();
  if (!database) return std::unexpected(database.error());
  const auto serving = projections::settle_vectors(**database, searching_by->models());
  if (!serving) return std::unexpected(serving.error());
  log("info", "vectors", {{"version", std::to_string(serving->number)}, {"model", serving->of.model}, {"dimension", std::to_string(serving->of.dimension)}});
  for (auto& each : embedding) each->start();
  return {};
}

void server::parts::load_samples() {
  const auto& folder = core.given.text("samples");
  if (folder.empty()) return;
  auto loaded = load_sample_characters(folder, core.whole());
  for (const auto& problem : loaded.problems) log("warn", problem);
  log("info", "sample characters", {{"added", std::to_string(loaded.added)}, {"present", std::to_string(loaded.present)}});
}

/// One of several answers for what was assigned to it: who asks it for the rest is served through it.
std::vector<std::string> server::parts::not_ready() {
  if (!core.others) return reasons_not_ready(*core.node, projections->progress(), *core.vault->pool);
  auto reasons = core.others->problems();
  if (auto reached = core.vault->pool->run("SELECT 1"); !reached) reasons.push_back("postgres: " + reached.error().message);
  return reasons;
}

outcome<void> server::parts::start_gateway() {
  reads = std::make_unique<projections::postgres_read_models>(*core.vault->pool);
  operators = std::make_unique<operator_side>(core, *searching_by);
  operators->start();
  auto for_operators = operators->ports();
  for_operators.models = models_for_forks(*chosen.chat);
  for_operators.any_model_name = chosen.chat->describe().kind == "external";
  gateway::gateway_ports ports{
      .node = core.whole(),
      .reads = *reads,
      .recall = *recall,
      .accounts = *core.vault->accounts,
      .keys = *core.vault->keys,
      .progress = progress(),
      .secret = core.vault->master.derive("access tokens"),
      .now = wall_time,
      .models = [this] { return model_status_of(*chosen.chat, *chosen.embeddings); },
      .not_ready = [this] { return not_ready(); },
      .log = log_gateway_entry,
      .operators = std::move(for_operators)};
  gateway = std::make_unique<gateway::gateway_server>(gateway_options_of(core.given), std::move(ports));
  auto listening = gateway->start();
  if (!listening) return std::unexpected(listening.error());
  port = *listening;
  return {};
}

server::server(std::unique_ptr<parts> held) : parts_(std::move(held)) {}

server::~server() { stop(); }

outcome<std::unique_ptr<server>> server::start(const settings& given) {
  std::unique_ptr<server> made(new server(std::make_unique<parts>(given)));
  auto& made_of = *made->parts_;
  if (auto done = made_of.core.open(); !done) return std::unexpected(done.error());
  if (auto done = made_of.prepare_models(); !done) return std::unexpected(done.error());
  made_of.prepare_projections();
  if (auto done = made_of.core.start_actors(made_of.chosen.chat, made_of.recall, made_of.chosen.facts); !done) return std::unexpected(done.error());
  made_of.load_samples();
  if (auto done = made_of.projections->start(); !done) return std::unexpected(done.error());
  if (made_of.all_progress) made_of.all_progress->start();
  if (auto done = made_of.start_embedding(); !done) return std::unexpected(done.error());
  if (auto done = made_of.start_gateway(); !done) return std::unexpected(done.error());
  return made;
}

void server::stop() {
  auto& made_of = *parts_;
  if (std::exchange(made_of.stopped, true)) return;
  // The gateway takes its last answers from the actors and from waits for projections, so it outlives the end of both; the log outlives
  // everything that reads it.
  // What operators have begun ends first: their calls wait for it.
  if (made_of.operators) made_of.operators->stop();
  if (made_of.gateway) made_of.gateway->stop(made_of.core.given.milliseconds("stop-deadline-ms"));
  if (made_of.core.others) made_of.core.others->stop();
  if (made_of.core.node) made_of.core.node->stop(made_of.core.given.milliseconds("stop-deadline-ms"));
  if (made_of.all_progress) made_of.all_progress->stop();
  if (made_of.projections) made_of.projections->stop();
  for (auto& each : made_of.embedding) each->stop();
  made_of.gateway.reset();
  made_of.operators.reset();
  made_of.core.stop();
}

std::uint16_t server::port() const { return parts_->port; }

std::string server::url() const {
  const auto& given = parts_->core.given;
  return (given.text("tls-certificate").empty() ? "http://" : "https://") + given.text("address") + ":" + std::to_string(parts_->port);
}

actors::actor_node& server::node() { return parts_->core.whole(); }

} // namespace reverie::ops
