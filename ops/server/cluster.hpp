#pragma once

#include "actors/runtime/cluster_keeper.hpp"
#include "actors/runtime/cluster_node.hpp"
#include "ops/server/settings.hpp"

#include <memory>

namespace reverie::ops {

/// Whether this server is one of several that share a log in Kafka: the setting `node` names its address.
bool is_one_of_several(const settings& given);

/// Refuses what several nodes can't do with: another log than Kafka, no address, no shared secret. Nothing was opened then.
events::outcome<void> check_cluster_settings(const settings& given);

/// Refuses to be alone on a topic whose partitions the nodes of a cluster hold: both would take them from each other. Waits until nodes that
/// have ended are forgotten; `locked` when some go on living, `unavailable` when Kafka does not answer. With another log nothing is asked.
events::outcome<void> check_nobody_else_owns(const settings& given);

/// This node's place among the others: what the group assigns to it, and the way to the rest.
class cluster {
public:
  /// Joins the group; partitions are taken as they are assigned, and `told` of each.
  static events::outcome<std::unique_ptr<cluster>> start(const settings& given, std::shared_ptr<actors::runtime::node> local,
                                                         actors::runtime::node_ports ports, actors::runtime::partition_keeper::listener told);
  ~cluster() { stop(); }

  actors::actor_node& node() { return *node_; }
  /// Why this node does not serve what it should; empty when it does.
  std::vector<std::string> problems() const;
  /// Hands its partitions over and leaves; the local node still has to be stopped.
  void stop();

private:
  std::shared_ptr<actors::runtime::cluster_node> node_;
  std::unique_ptr<actors::runtime::partition_keeper> keeper_;
};

} // namespace reverie::ops
