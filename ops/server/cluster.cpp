#include "ops/server/cluster.hpp"

#include "actors/runtime/cluster_caf_network.hpp"
#include "events/kafka/kafka_group.hpp"
#include "events/kafka/kafka_group_members.hpp"
#include "ops/server/log_choice.hpp"
#include "ops/server/logging.hpp"
#include "ops/server/server_options.hpp"

#include <fstream>
#include <thread>

namespace reverie::ops {

using actors::runtime::cluster_node;
using actors::runtime::partition_keeper;
using events::fail;
using events::failure_code;
using events::outcome;

namespace {

outcome<std::string> find_secret(const settings& given) {
  if (const auto& text = given.text("node-secret"); !text.empty()) return text;
  const auto& file = given.text("node-secret-file");
  if (file.empty())
    return fail(failure_code::malformed, "several nodes need a shared secret: set REVERIE_NODE_SECRET or node-secret-file on each of them");
  std::ifstream in(file);
  std::string secret;
  if (!in || !std::getline(in, secret)) return fail(failure_code::malformed, "the file of the nodes' shared secret can't be read: " + file);
  return secret;
}

actors::runtime::caf_network_options network_options_of(const settings& given, std::string secret) {
  return {.self = given.text("node"), .listen_on = given.text("node-listen"), .secret = std::move(secret), .say = log_runtime_line};
}

outcome<events::kafka_group_options> group_options_of(const settings& given, const std::weak_ptr<actors::runtime::node>& local,
                                                      std::uint32_t partitions) {
  auto cluster = kafka_cluster_of(given);
  if (!cluster) return std::unexpected(cluster.error());
  events::kafka_group_options options;
  options.cluster = std::move(*cluster);
  options.group = given.text("node-group");
  options.member = given.text("node-name").empty() ? given.text("node") : given.text("node-name");
  options.session = given.milliseconds("node-session-ms");
  options.heartbeat = options.session / 6;
  options.revoke_within = std::max(options.session, given.milliseconds("node-drain-ms") * 4);
  auto pulse = std::make_shared<actors::runtime::actor_pulse>(local, partitions, given.milliseconds("node-stall-ms"));
  options.works = [pulse] { return pulse->beats(); };
  return options;
}

} // namespace

bool is_one_of_several(const settings& given) { return !given.text("node").empty(); }

outcome<void> check_cluster_settings(const settings& given) {
  if (!is_one_of_several(given)) return {};
  if (!log_is_kafka(given)) return fail(failure_code::malformed, "several nodes need a log that they share: set log to kafka://host:port");
  auto secret = find_secret(given);
  if (!secret) return std::unexpected(secret.error());
  auto network = actors::runtime::make_caf_network(network_options_of(given, *secret));
  if (!network) return std::unexpected(network.error());
  return {};
}

outcome<void> check_nobody_else_owns(const settings& given) {
  if (!log_is_kafka(given) || is_one_of_several(given)) return {};
  constexpr auto more_than_a_session = std::chrono::seconds{3};
  constexpr auto looked_at_every = std::chrono::milliseconds{500};
  auto where = kafka_cluster_of(given);
  if (!where) return std::unexpected(where.error());
  const auto until = std::chrono::steady_clock::now() + given.milliseconds("node-session-ms") + more_than_a_session;
  for (bool said = false;;) {
    auto members = events::members_on_topic(*where);
    if (!members) return std::unexpected(members.error());
    if (members->empty()) return {};
    const auto& first = members->front();
    const auto who = std::to_string(members->size()) + " of the group " + first.group + ", " + first.name + " at " + first.host + " first";
    if (std::chrono::steady_clock::now() > until)
      return fail(failure_code::locked, "the topic " + where->topic + " belongs to the nodes of a cluster that lives (" + who +
                                            "): stop them, or make this server one of them with node and the same secret");
    if (!std::exchange(said, true)) log("info", "waiting for nodes that may have ended", {{"nodes", who}});
    std::this_thread::sleep_for(looked_at_every);
  }
}

outcome<std::unique_ptr<cluster>> cluster::start(const settings& given, std::shared_ptr<actors::runtime::node> local,
                                                 actors::runtime::node_ports ports, partition_keeper::listener told) {
  auto secret = find_secret(given);
  if (!secret) return std::unexpected(secret.error());
  auto network = actors::runtime::make_caf_network(network_options_of(given, std::move(*secret)));
  if (!network) return std::unexpected(network.error());
  auto group = group_options_of(given, local, ports.log->partitions());
  if (!group) return std::unexpected(group.error());
  std::unique_ptr<cluster> made(new cluster);
  actors::runtime::cluster_options how;
  how.self = given.text("node");
  made->node_ = cluster_node::make(std::move(how), local, std::move(ports), std::move(*network));
  if (auto started = made->node_->start(); !started) return std::unexpected(started.error());
  actors::runtime::keeper_options keep;
  keep.drain = given.milliseconds("node-drain-ms");
  made->keeper_ = std::make_unique<partition_keeper>(local, std::make_shared<events::kafka_group>(std::move(*group)), keep, log_runtime_line,
                                                     std::move(told));
  if (auto joined = made->keeper_->start(); !joined) return std::unexpected(joined.error());
  return made;
}

std::vector<std::string> cluster::problems() const {
  auto all = keeper_->problems();
  if (!node_->caught_up()) all.push_back("the log's end was not reached yet: owners of partitions are not known");
  return all;
}

void cluster::stop() {
  if (keeper_) keeper_->stop();
  if (node_) node_->stop();
}

} // namespace reverie::ops
