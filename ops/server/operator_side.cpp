#include "ops/server/operator_side.hpp"

#include "ops/operator/dead_letter_desk.hpp"
#include "ops/operator/entity_desk.hpp"
#include "ops/operator/log_desk.hpp"
#include "ops/operator/postgres_audit_log.hpp"
#include "ops/operator/projection_desk.hpp"
#include "ops/operator/reader_desk.hpp"
#include "ops/server/log_choice.hpp"

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

struct operator_side::parts {
  explicit parts(server_core& with)
      : core(with), pool(core.given.text("database-url"), operator_connections), audit(pool),
        watch(*core.log, *core.vault->keys,
              {.records_per_second = static_cast<std::uint64_t>(core.given.number("verification-records-per-second")), .now = wall_time}),
        finder(*core.log, pool), log(*core.log, *core.vault->keys, finder, watch),
        entities(core.whole(), *core.log, *core.vault->keys, finder, pool, watch),
        steering(pool, {core.given.text("database-url"), *core.log, *core.vault->keys},
                    static_cast<std::uint64_t>(core.given.number("rebuild-events-per-second"))),
        letters(pool, {core.given.text("database-url"), *core.log, *core.vault->keys}), people(pool) {}

  server_core& core;
  projections::connection_pool pool;
  postgres_audit_log audit;
  log_watch watch;
  entity_finder finder;
  log_desk log;
  entity_desk entities;
  projection_desk steering;
  dead_letter_desk letters;
  reader_desk people;
};

operator_side::operator_side(server_core& core) : parts_(std::make_unique<parts>(core)) {}
operator_side::~operator_side() { stop(); }

void operator_side::start() { parts_->watch.start(); }

void operator_side::stop() {
  parts_->steering.stop();
  parts_->watch.stop();
}

gateway::operator_ports operator_side::ports() {
  const auto& given = parts_->core.given;
  gateway::operator_ports all{.audit = &parts_->audit,
                              .log = &parts_->log,
                              .entities = &parts_->entities,
                              .projections = &parts_->steering,
                              .letters = &parts_->letters,
                              .people = &parts_->people,
                              .verification = &parts_->watch};
  all.settings = [&given] { return settings_view(given); };
  all.version = "0.1.0";
  all.node = given.text("node").empty() ? given.text("address") + ":" + given.text("port") : given.text("node");
  all.log_kind = log_is_kafka(given) ? "kafka" : "embedded";
  all.full_allowed = given.on("operators-see-full");
  return all;
}

} // namespace reverie::ops
