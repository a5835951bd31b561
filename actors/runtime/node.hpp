#pragma once

#include "actors/runtime/node_services.hpp"

#include <memory>

namespace reverie::actors::runtime {

/// The actor system of one process: partitions it owns, their entities, replies that are being made. Thread-safe.
class node : public actor_node {
public:
  /// Takes commands again by another node, or gives a partition away (group assignment on Kafka decides; embedded: all, always).
  virtual void acquire(events::partition_number partition) = 0;
  virtual void release(events::partition_number partition) = 0;
  /// The same in order: refuses new commands, finishes what was accepted within the time, stores states. `done` is called once, when
  /// another node may take it.
  virtual void hand_over(events::partition_number partition, std::chrono::milliseconds within, std::function<void()> done) = 0;

  /// For a node among others: see cluster_node.
  virtual node_services& services() = 0;

  /// Refuses new commands, finishes what was accepted, stores all states, makes a checkpoint, ends every actor and thread. What is
  /// not finished within the time is answered `unavailable`. Running replies are interrupted; the next start takes them up again.
  virtual void stop(std::chrono::milliseconds within) = 0;

  /// Steps of deterministic runs: looks at the log of each owned partition once.
  virtual void look_at_log() = 0;
  virtual caf::actor_system& system() = 0;
};

/// Starts the actors. Serving begins a moment later: see status().
std::shared_ptr<node> start_node(node_options options, node_ports ports);

} // namespace reverie::actors::runtime
