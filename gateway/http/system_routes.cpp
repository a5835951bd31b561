#include "gateway/http/openapi.hpp"
#include "gateway/http/rest_api.hpp"
#include "gateway/wire/json_object.hpp"

namespace reverie::gateway {

route rest_api::bound(route description, handler member) {
  description.handler = [this, member](http_request& request) { return (this->*member)(request); };
  return description;
}

std::vector<route> rest_api::routes(std::vector<route> others) {
  std::vector<route> routes;
  add_account_routes(routes);
  add_character_routes(routes);
  add_conversation_routes(routes);
  add_memory_routes(routes);
  add_system_routes(routes);
  routes.insert(routes.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  openapi_ = openapi_document(routes);
  return routes;
}

void rest_api::add_system_routes(std::vector<route>& routes) {
  routes.push_back(bound({"GET", "/api/v1/models/status", "Which models answer", route_access::everybody, "", "ModelStatus"},
                         &rest_api::models));
  routes.push_back(bound({"GET", "/openapi.json", "This document", route_access::everybody}, &rest_api::openapi));
  routes.push_back(bound({"GET", "/healthz", "200 while the process lives", route_access::everybody}, &rest_api::health));
  routes.push_back(bound({"GET", "/readyz", "200 when commands are accepted and reads work", route_access::everybody},
                         &rest_api::readiness));
  routes.push_back(bound({"GET", "/metrics", "Prometheus' text format", route_access::everybody}, &rest_api::metrics));
}

result<events::uuid> path_id(const http_request& request, std::size_t index) {
  auto id = index < request.path_values.size() ? events::parse_uuid(request.path_values[index]) : std::nullopt;
  if (!id) return std::unexpected(not_found_error("There is no such thing."));
  return *id;
}

http_response refused(const http_request& request, const api_error& error) { return error_response(error, request.request_id); }

http_response with_position(http_response response, const events::log_position& position) {
  response.headers.emplace_back("X-Position", events::to_string(position));
  return response;
}

http_response rest_api::with_end_of_log(http_response response) {
  for (const auto& partition : ports_.node.status()) {
    if (partition.applied_next.value > 0) return with_position(std::move(response), {partition.partition, {partition.applied_next.value - 1}});
  }
  return response;
}

http_response rest_api::not_there(const http_request& request, api_error not_found) {
  return refused(request, rows_.not_there(request.who.user, std::move(not_found)));
}

task<http_response> rest_api::health(http_request&) { co_return json_response(200, R"({"status":"ok"})"); }

task<http_response> rest_api::readiness(http_request&) {
  auto reasons = ports_.not_ready ? ports_.not_ready() : std::vector<std::string>{};
  std::string out;
  json_object(out).text("status", reasons.empty() ? "ready" : "not ready").texts("reasons", reasons);
  auto response = json_response(reasons.empty() ? 200 : 503, std::move(out));
  if (!reasons.empty()) response.headers.emplace_back("Retry-After", "1");
  co_return response;
}

task<http_response> rest_api::models(http_request&) {
  auto status = ports_.models ? ports_.models() : model_status{};
  std::string out;
  {
    json_object object(out);
    json_object(object.key("chat")).text("name", status.chat_name).text("kind", status.chat_kind).text("note", status.chat_note);
    json_object(object.key("embedding")).text("name", status.embedding_name).count("dimension", status.embedding_dimension);
  }
  co_return json_response(200, std::move(out));
}

task<http_response> rest_api::openapi(http_request&) { co_return json_response(200, openapi_); }

namespace {

void gauge(std::string& out, std::string_view name, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
}

/// The newest generation of the state of each partition that is served here: how old and large it is, and what a start from it folds.
std::string generation_metrics(const std::vector<actors::partition_status>& partitions, events::timestamp now) {
  std::string out;
  auto each = [&](std::string_view name, std::string_view help, auto value) {
    gauge(out, name, help);
    for (const auto& partition : partitions) {
      if (!partition.serving || !partition.checkpoint) continue;
      out.append(name).append("{partition=\"").append(std::to_string(partition.partition.value)).append("\"} ");
      out.append(std::to_string(value(partition))).append("\n");
    }
  };
  each("reverie_generation_age_seconds", "Since the newest generation of the partition's state was made.",
       [&](const auto& p) { return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now - p.checkpoint->at).count()); });
  each("reverie_generation_bytes", "Its size on disk.", [](const auto& p) { return p.checkpoint->bytes; });
  each("reverie_generation_records_behind", "Records that the log holds after it.",
       [](const auto& p) { return p.log_end.value - std::min(p.log_end.value, p.checkpoint->offset.value); });
  return out;
}

std::string partition_metrics(const std::vector<actors::partition_status>& partitions) {
  std::string out;
  auto each = [&](std::string_view name, std::string_view help, auto value) {
    gauge(out, name, help);
    for (const auto& partition : partitions) {
      out.append(name).append("{partition=\"").append(std::to_string(partition.partition.value)).append("\"} ");
      out.append(std::to_string(value(partition))).append("\n");
    }
  };
  each("reverie_partition_serving", "1 when commands are accepted.", [](const auto& p) { return p.serving ? 1 : 0; });
  each("reverie_partition_applied_next", "First offset not yet applied.", [](const auto& p) { return p.applied_next.value; });
  each("reverie_partition_epoch", "Ownership epoch.", [](const auto& p) { return p.epoch.value; });
  each("reverie_partition_fenced", "Records of fenced writers.", [](const auto& p) { return p.fenced; });
  each("reverie_partition_repeated", "Records stored twice.", [](const auto& p) { return p.repeated; });
  each("reverie_partition_gaps", "Gaps: an alarm.", [](const auto& p) { return p.gaps; });
  each("reverie_live_entities", "Entities in memory.", [](const auto& p) { return p.live_entities; });
  each("reverie_parked_entities", "Entities that can't be replayed.", [](const auto& p) { return p.parked_entities; });
  each("reverie_commands_in_flight", "Commands not yet answered.", [](const auto& p) { return p.commands_in_flight; });
  each("reverie_pending_effects", "Effects not yet done.", [](const auto& p) { return p.pending_effects; });
  return out;
}

std::string extraction_metrics(const actors::extraction_counts& counts) {
  std::string out;
  auto counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" counter\n");
    out.append(name).append(" ").append(std::to_string(value)).append("\n");
  };
  counter("reverie_facts_by_model_total", "Turns whose facts a model found.", counts.by_model);
  counter("reverie_facts_by_rules_instead_total", "Turns a model was to look at and could not: the rules did.", counts.by_rules_instead);
  counter("reverie_facts_left_out_total", "Facts that a limit of a turn or a bond kept out; the log names the bond.", counts.facts_left_out);
  return out;
}

std::string projection_metrics(const std::vector<projections::projection_status>& projections, const server_pulse& pulse) {
  std::string out;
  auto each = [&](std::string_view name, std::string_view help, auto value) {
    gauge(out, name, help);
    for (const auto& one : projections) {
      out.append(name).append("{projection=\"").append(one.projection).append("\",partition=\"");
      out.append(std::to_string(one.partition.value)).append("\",version=\"").append(std::to_string(one.version)).append("\",serving=\"");
      out.append(one.serving ? "true" : "false").append("\"} ").append(std::to_string(value(one))).append("\n");
    }
  };
  each("reverie_projection_lag_records", "Records not yet folded.", [](const auto& p) { return p.lag_records; });
  each("reverie_projection_lag_seconds", "How long a projection has been behind the log.", [](const auto& p) { return p.lag_seconds; });
  each("reverie_projection_next", "First offset not yet folded.", [](const auto& p) { return p.next.value; });
  each("reverie_projection_parked_entities", "Entities in dead letters.", [](const auto& p) { return p.parked_entities; });
  const auto pace_of = [&](const auto& p) { return pulse.pace_of(p.projection, p.version, p.partition); };
  each("reverie_projection_rate", "Records folded a second, over the last ten.", [&](const auto& p) { return pace_of(p).rate_per_s; });
  each("reverie_projection_stalled", "1 when behind without progress for ten seconds.", [&](const auto& p) { return pace_of(p).stalled ? 1 : 0; });
  return out;
}

std::string verification_metrics(verification_port* verification) {
  std::string out;
  if (verification == nullptr) return out;
  const auto raised = verification->alarm();
  gauge(out, "reverie_verification_differences", "Between the log, its chains and what is stored: an alarm.");
  out.append("reverie_verification_differences ").append(std::to_string(raised.differences)).append("\n");
  gauge(out, "reverie_verification_problems", "Partitions, or whole runs, that could not be verified.");
  out.append("reverie_verification_problems ").append(std::to_string(raised.problems.size())).append("\n");
  return out;
}

} // namespace

task<http_response> rest_api::metrics(http_request&) {
  http_response response;
  response.media_type = "text/plain; version=0.0.4; charset=utf-8";
  const auto partitions = ports_.node.status();
  response.body = metrics_.text() + partition_metrics(partitions) + generation_metrics(partitions, ports_.now()) + extraction_metrics(ports_.node.extractions()) +
                  projection_metrics(ports_.progress.status(), pulse_) + verification_metrics(ports_.operators.verification);
  co_return response;
}

} // namespace reverie::gateway
