#pragma once

#include "actors/effects/recall.hpp"
#include "actors/runtime/node.hpp"
#include "events/log/event_log.hpp"
#include "events/log/state_generations.hpp"
#include "ops/server/cluster.hpp"
#include "ops/server/data_folder.hpp"
#include "ops/server/vault_access.hpp"

#include <memory>
#include <optional>

namespace reverie::ops {

/// The inner half of a server: data folder, vault, log, local state and actors. All that a tool needs which writes events itself.
struct server_core {
  explicit server_core(const settings& values) : given(values) {}
  ~server_core();

  /// Opens folder, vault and log; `locked` when a server has them, `unavailable` when the database can't be reached.
  events::outcome<void> open();
  /// Starts the actors and waits until every partition serves; as one of several nodes, until every partition that was assigned does. Model and memories may be null; without an extractor the rules find facts.
  events::outcome<void> start_actors(std::shared_ptr<actors::chat_model> model, std::shared_ptr<actors::recall> memories,
                                     std::shared_ptr<actors::fact_extractor> facts = nullptr);
  /// Finishes what was accepted, stores states, closes the log.
  void stop();

  settings given;
  std::optional<data_folder> data;
  std::optional<vault_access> vault;
  std::shared_ptr<events::event_log> log;
  std::shared_ptr<events::state_store_factory> states;
  std::shared_ptr<events::state_generations> generations; ///< of `states`
  std::shared_ptr<actors::runtime::node> node;
  std::unique_ptr<cluster> others; ///< null: this server is alone
  /// Told which partitions this node owns, when it is one of several; set before the start.
  actors::runtime::partition_keeper::listener on_partitions;

  /// Everything of everybody, whichever node owns it.
  actors::actor_node& whole() { return others ? others->node() : *node; }
};

/// The time as the outside world sees it.
events::timestamp wall_time();

} // namespace reverie::ops
