#include "ops/server/server_core.hpp"

#include "events/rocksdb/rocksdb_state_factory.hpp"
#include "ops/server/log_choice.hpp"
#include "ops/server/logging.hpp"
#include "ops/server/server_options.hpp"

#include <algorithm>
#include <thread>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr auto pending_accounts_kept = std::chrono::minutes(10);
constexpr auto serving_within = std::chrono::minutes(10);
constexpr auto serving_looked_at = std::chrono::milliseconds(20);

outcome<void> wait_until_serving(actors::runtime::node& node) {
  auto until = std::chrono::steady_clock::now() + serving_within;
  for (;;) {
    auto partitions = node.status();
    auto waiting = std::ranges::find(partitions, false, &actors::partition_status::serving);
    if (!partitions.empty() && waiting == partitions.end()) return {};
    if (std::chrono::steady_clock::now() > until)
      return fail(failure_code::timed_out, partitions.empty() ? "no partition serves"
                                                              : "partition " + std::to_string(waiting->partition.value) +
                                                                    " does not serve: " + waiting->reason);
    std::this_thread::sleep_for(serving_looked_at);
  }
}

outcome<void> wait_until_settled(const cluster& others) {
  auto until = std::chrono::steady_clock::now() + serving_within;
  for (;;) {
    auto problems = others.problems();
    if (problems.empty()) return {};
    if (std::chrono::steady_clock::now() > until) return fail(failure_code::timed_out, "this node does not serve: " + problems.front());
    std::this_thread::sleep_for(serving_looked_at);
  }
}

/// The folder of this very log below the shared one, which must be there: one that is not mounted would be made on the wrong disk.
outcome<std::filesystem::path> find_state_share(const settings& given, const std::filesystem::path& state) {
  const std::filesystem::path root = given.text("state-share");
  if (root.empty()) return root;
  if (!log_is_kafka(given)) return fail(failure_code::malformed, "state-share is for nodes that share a log in Kafka");
  std::error_code error;
  if (!std::filesystem::is_directory(root, error)) return fail(failure_code::malformed, "the folder of state-share is not there: " + root.string());
  auto own = root / state.filename();
  std::filesystem::create_directories(own, error);
  if (error) return fail(failure_code::unavailable, "can't make the folder " + own.string() + ": " + error.message());
  return own;
}

} // namespace

events::timestamp wall_time() { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

outcome<void> server_core::open() {
  if (given.text("database-url").empty())
    return fail(failure_code::malformed, "no database is named: set --database-url or REVERIE_DATABASE_URL");
  if (auto checked = check_cluster_settings(given); !checked) return checked;
  auto folder = data_folder::open(given.text("data"));
  if (!folder) return std::unexpected(folder.error());
  data.emplace(std::move(*folder));
  auto master = find_master_key(given, data->master_key(), !is_one_of_several(given));
  if (!master && is_one_of_several(given) && master.error().code == failure_code::not_found)
    return fail(failure_code::malformed, master.error().message + "; several nodes need the same one: it is not made by itself");
  if (!master) return std::unexpected(master.error());
  vault.emplace(open_vault(given, *master));
  if (auto swept = vault->accounts->sweep_pending(wall_time() - pending_accounts_kept); !swept) return std::unexpected(swept.error());
  auto chosen = open_log(given, data->path());
  if (!chosen) return std::unexpected(chosen.error());
  if (auto alone = check_nobody_else_owns(given); !alone) return alone; // who can't reach the log at all was told so by opening it
  log = std::move(chosen->log);
  ops::log("info", "log", {{"name", chosen->name}, {"partitions", std::to_string(log->partitions())}});
  events::rocksdb_state_options state_options;
  state_options.on_fallback = [](const events::state_fallback& what) {
    ops::log("warn", "local state fell back", {{"partition", std::to_string(what.partition.value)}, {"why", what.reason.message}});
  };
  state_options.on_trouble = [](events::partition_number partition, const events::failure& why) {
    ops::log("warn", "shared states can't be read", {{"partition", std::to_string(partition.value)}, {"why", why.message}});
  };
  auto shared = find_state_share(given, chosen->state);
  if (!shared) return std::unexpected(shared.error());
  state_options.shared = std::move(*shared);
  auto factory = events::rocksdb_state_factory::open_folder(chosen->state, state_options);
  if (!factory) return std::unexpected(factory.error());
  std::shared_ptr<events::rocksdb_state_factory> opened = std::move(*factory);
  states = opened;
  generations = std::move(opened);
  return {};
}

outcome<void> server_core::start_actors(std::shared_ptr<actors::chat_model> model, std::shared_ptr<actors::recall> memories,
                                        std::shared_ptr<actors::fact_extractor> facts) {
  actors::runtime::node_ports ports{.log = log,
                                    .states = states,
                                    .keys = vault->keys,
                                    .clock = nullptr,
                                    .random = nullptr,
                                    .model = std::move(model),
                                    .memories = std::move(memories),
                                    .log_line = log_runtime_line,
                                    .facts = std::move(facts),
                                    .generations = generations};
  node = actors::runtime::start_node(node_options_of(given), ports);
  if (!is_one_of_several(given)) return wait_until_serving(*node);
  auto joined = cluster::start(given, node, std::move(ports), on_partitions);
  if (!joined) return std::unexpected(joined.error());
  others = std::move(*joined);
  return wait_until_settled(*others);
}

void server_core::stop() {
  if (others) others->stop();
  if (node) node->stop(given.milliseconds("stop-deadline-ms"));
  others.reset();
  node.reset();
  if (log) log->close();
}

server_core::~server_core() { stop(); }

} // namespace reverie::ops
