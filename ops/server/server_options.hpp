#pragma once

#include "actors/effects/embedder.hpp"
#include "actors/runtime/node.hpp"
#include "gateway/http/server.hpp"
#include "ops/server/settings.hpp"
#include "projections/postgres/connection_pool.hpp"

#include <string>
#include <vector>

/// How settings become the options of each part, and how the parts' words become the log's and readiness.
namespace reverie::ops {

actors::runtime::node_options node_options_of(const settings& given);
gateway::gateway_options gateway_options_of(const settings& given);
gateway::model_status model_status_of(const actors::chat_model& chat, const actors::embedder& embeddings);

void log_runtime_line(actors::runtime::severity how, std::string_view line);
void log_gateway_entry(const gateway::log_entry& entry);

/// Why the server should get no traffic now: partitions that do not serve, a database that can't be reached, projections that stand still.
std::vector<std::string> reasons_not_ready(actors::actor_node& node, projections::projection_progress& progress,
                                           projections::connection_pool& database);

} // namespace reverie::ops
