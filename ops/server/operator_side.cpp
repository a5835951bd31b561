#include "ops/server/operator_side.hpp"

#include "actors/effects/scripted_responder.hpp"
#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "ops/operator/dead_letter_desk.hpp"
#include "ops/operator/entity_desk.hpp"
#include "ops/operator/fork_desk.hpp"
#include "ops/operator/log_desk.hpp"
#include "ops/operator/postgres_audit_log.hpp"
#include "ops/operator/projection_desk.hpp"
#include "ops/operator/reader_desk.hpp"
#include "ops/operator/vector_desk.hpp"
#include "ops/server/job_thread.hpp"
#include "ops/server/log_choice.hpp"
#include "ops/server/logging.hpp"
#include "projections/runner/live_latency_store.hpp"

#include <atomic>

namespace reverie::ops {

namespace {

constexpr projections::pool_options operator_connections{.connections_max = 4};

std::string_view source_name(setting_source source) {
  switch (source) {
  case setting_source::flag: return "flag";
  case setting_source::variable: return "environment";
  case setting_source::file: return "file";
  case setting_source::built_in: break;
  }
  return "default";
}

/// The unit stands last in a name.
std::string unit_of(std::string_view name) {
  for (const char* each : {"ms", "mib", "tokens", "records", "per-second", "per-minute"})
    if (name.ends_with(std::string("-") + each)) return each;
  return {};
}

} // namespace

std::vector<gateway::setting_view> settings_view(const settings& given) {
  std::vector<gateway::setting_view> all;
  for (const auto& row : all_settings()) {
    const auto found = given.values().find(row.name);
    if (found == given.values().end()) continue;
    // An address of a database can hold a password.
    const bool secret = row.type == setting::kind::secret || row.name == "database-url";
    all.push_back({std::string(row.name), secret ? std::string() : found->second.text, secret ? std::string() : std::string(row.default_value),
                   std::string(source_name(found->second.source)), unit_of(row.name), std::string(row.meaning), secret});
  }
  return all;
}

std::vector<gateway::model_view> models_for_forks(const actors::chat_model& own) {
  const auto described = own.describe();
  std::vector<gateway::model_view> all{{described.name, described.kind, true}};
  if (const auto scripted = actors::scripted_responder().describe(); scripted.name != described.name) all.push_back({scripted.name, scripted.kind, false});
  return all;
}

namespace {

std::string node_name(const settings& given) {
  return given.text("node").empty() ? given.text("address") + ":" + given.text("port") : given.text("node");
}

constexpr std::size_t verification_cache_bytes = 16 * 1024 * 1024;

/// Where the background verification keeps how far it came.
std::shared_ptr<events::state_store_factory> verification_store(const server_core& core) {
  if (!core.data || core.given.number("verification-records-per-second") == 0) return nullptr;
  auto opened = events::rocksdb_state_factory::open_folder(core.data->path() / "verification", {.cache_bytes = verification_cache_bytes,
                                                                                                .write_buffer_bytes = verification_cache_bytes});
  if (opened) return std::move(*opened);
  log("warn", "verification begins anew at each start: its folder can't be used", {{"why", opened.error().message}});
  return nullptr;
}

/// What this server stored of a partition. One of several nodes has but some, and gives them away: there chains and folds are verified alone.
std::function<std::shared_ptr<events::state_store>(events::partition_number)> stored_states(server_core& core) {
  if (core.others || !core.states) return {};
  return [states = core.states](events::partition_number partition) -> std::shared_ptr<events::state_store> {
    auto opened = states->open(partition);
    return opened ? std::move(*opened) : nullptr;
  };
}

} // namespace

struct operator_side::parts {
  parts(server_core& with, projections::active_embedder& searching_by)
      : core(with), pool(core.given.text("database-url"), operator_connections), audit(pool),
        resumptions(audit, node_name(core.given), wall_time, [](auto level, auto message, auto fields) { ops::log(level, message, fields); }),
        watch(*core.log, *core.vault->keys,
              {.records_per_second = static_cast<std::uint64_t>(core.given.number("verification-records-per-second")),
               .now = wall_time,
               .own = verification_store(core),
               .stored = stored_states(core)}),
        finder(*core.log, pool), log(*core.log, *core.vault->keys, finder, watch),
        entities(core.whole(), *core.log, *core.vault->keys, finder, pool, watch), forks(core.whole(), finder, pool, wall_time),
        steering(pool, {core.given.text("database-url"), *core.log, *core.vault->keys},
                    static_cast<std::uint64_t>(core.given.number("rebuild-events-per-second")),
                    static_cast<std::uint64_t>(core.given.number("rebuild-live-p99-ms"))),
        letters(pool, {core.given.text("database-url"), *core.log, *core.vault->keys}), people(pool),
        vectors(pool, {core.given.text("database-url"), *core.vault->keys, core.log->partitions()}, searching_by) {
    steering.keep_record_in(resumptions);
  }

  server_core& core;
  projections::connection_pool pool;
  postgres_audit_log audit;
  resumption_trail resumptions;
  log_watch watch;
  entity_finder finder;
  log_desk log;
  entity_desk entities;
  fork_desk forks;
  projection_desk steering;
  dead_letter_desk letters;
  reader_desk people;
  vector_desk vectors;
  std::atomic<bool> telling = false;
  job_thread telling_thread; ///< last: ends before what its jobs use

  /// A rebuild, in this process or another, learns from Postgres how live commands fare. A word that can't be said is not made up for.
  void tell(const std::string& node, projections::live_latency now) {
    if (telling.exchange(true)) return;
    telling_thread.post([this, node, now] {
      if (auto database = pool.borrow()) (void)projections::tell_live_latency(**database, node, now);
      telling = false;
    });
  }
};

operator_side::operator_side(server_core& core, projections::active_embedder& searching_by) : parts_(std::make_unique<parts>(core, searching_by)) {}
operator_side::~operator_side() { stop(); }

void operator_side::start() {
  parts_->watch.start();
  parts_->steering.resume_interrupted();
}

void operator_side::stop() {
  parts_->steering.stop();
  parts_->vectors.stop();
  parts_->watch.stop();
}

gateway::operator_ports operator_side::ports() {
  const auto& given = parts_->core.given;
  gateway::operator_ports all{.audit = &parts_->audit,
                              .log = &parts_->log,
                              .entities = &parts_->entities,
                              .projections = &parts_->steering,
                              .letters = &parts_->letters,
                              .vectors = &parts_->vectors,
                              .people = &parts_->people,
                              .verification = &parts_->watch,
                              .forks = &parts_->forks};
  all.settings = [&given] { return settings_view(given); };
  all.version = "0.1.0";
  all.node = node_name(given);
  all.on_beat = [parts = parts_.get(), node = all.node](double command_p99_ms, std::uint64_t commands) { parts->tell(node, {command_p99_ms, commands}); };
  all.node_url = given.text("node-url");
  all.log_kind = log_is_kafka(given) ? "kafka" : "embedded";
  all.full_allowed = given.on("operators-see-full");
  return all;
}

} // namespace reverie::ops
