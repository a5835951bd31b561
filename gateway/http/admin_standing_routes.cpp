#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

namespace reverie::gateway {

namespace {

std::string standing_projection_in(const http_request& request) { return request.path_values.empty() ? std::string() : request.path_values.front(); }

result<std::optional<std::uint64_t>> place_number(const action_body& body, const char* name, std::uint64_t most) {
  const auto found = body.fields.find(name);
  if (found == body.fields.end() || found->is_null()) return std::optional<std::uint64_t>{};
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most) return std::unexpected(validation_error(std::string(name) + " is a number from 0.", name));
  return std::optional(found->get<std::uint64_t>());
}

result<std::optional<std::uint32_t>> partition_in(const action_body& body) {
  const auto found = place_number(body, "partition", UINT32_MAX);
  if (!found) return std::unexpected(found.error());
  return *found ? std::optional(static_cast<std::uint32_t>(**found)) : std::nullopt;
}

result<reset_wish> reset_wish_of(const action_body& body, const std::string& projection) {
  reset_wish wish{.projection = projection, .partition = {}, .offset = {}, .time = {}};
  const auto partition = partition_in(body);
  if (!partition) return std::unexpected(partition.error());
  wish.partition = *partition;
  const auto offset = place_number(body, "to_offset", INT64_MAX);
  if (!offset) return std::unexpected(offset.error());
  wish.offset = *offset;
  if (const auto time = body.fields.find("to_time"); time != body.fields.end() && !time->is_null()) {
    if (time->is_string()) wish.time = events::parse_rfc3339(time->get<std::string>());
    if (!wish.time) return std::unexpected(validation_error("to_time is a time like 2026-01-31T12:00:00Z.", "to_time"));
  }
  if (const auto start = body.fields.find("to_start"); start != body.fields.end() && !start->is_null()) {
    if (!start->is_boolean()) return std::unexpected(validation_error("to_start is true or false.", "to_start"));
    wish.start = start->get<bool>();
  }
  if ((wish.offset ? 1 : 0) + (wish.time ? 1 : 0) + (wish.start ? 1 : 0) != 1) return std::unexpected(validation_error("Say one of to_offset, to_time and to_start.", "to_offset"));
  if (wish.offset && !wish.partition) return std::unexpected(validation_error("An offset is one of a partition.", "partition"));
  return wish;
}

document reset_detail(const reset_wish& wish) {
  document detail = document::object();
  if (wish.partition) detail["partition"] = *wish.partition;
  if (wish.offset) detail["to_offset"] = *wish.offset;
  if (wish.time) detail["to_time"] = events::format_rfc3339(*wish.time);
  if (wish.start) detail["to_start"] = true;
  return detail;
}

} // namespace

void admin_api::add_standing_routes(std::vector<route>& routes) {
  add_action(routes, "/projections/{p}/reset/preview", "What setting it back would touch", &admin_api::preview_reset);
  add_action(routes, "/projections/{p}/reset", "Set it back to an offset, a time or the start [confirm, reason]", &admin_api::reset_place);
  add_action(routes, "/projections/{p}/pause", "Let it stand still, in one partition or in all [reason]", &admin_api::stand_still);
  add_action(routes, "/projections/{p}/resume", "Let it go on where it stands", &admin_api::go_on);
}

task<http_response> admin_api::preview_reset(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  const auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  auto wish = reset_wish_of(*body, standing_projection_in(request));
  if (!wish) co_return refused(request, wish.error());
  co_return co_await show(request, [this, wish = std::move(*wish)] { return operators_.projections->reset_preview(wish); });
}

task<http_response> admin_api::reset_place(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  const auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  const auto wish = reset_wish_of(*body, standing_projection_in(request));
  if (!wish) co_return refused(request, wish.error());
  intent what{.action = "projection.reset", .subject = wish->projection, .detail = reset_detail(*wish),
              .impact = [this, wish = *wish] { return operators_.projections->reset_preview(wish); }, .needs_reason = true};
  co_return co_await act(request, std::move(what), [this, wish = *wish](const action_body&) { return operators_.projections->reset(wish); });
}

task<http_response> admin_api::stand_still(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  const auto name = standing_projection_in(request);
  intent wish{.action = "projection.pause", .subject = name, .needs_reason = true};
  co_return co_await act(request, std::move(wish), [this, name](const action_body& body) -> result<document> {
    const auto partition = partition_in(body);
    if (!partition) return std::unexpected(partition.error());
    if (auto done = operators_.projections->stand_still(name, *partition, body.reason); !done) return done;
    return projection_document(name);
  });
}

task<http_response> admin_api::go_on(http_request& request) {
  if (auto there = present(operators_.projections); !there) co_return refused(request, there.error());
  const auto name = standing_projection_in(request);
  intent wish{.action = "projection.resume", .subject = name};
  co_return co_await act(request, std::move(wish), [this, name](const action_body& body) -> result<document> {
    const auto partition = partition_in(body);
    if (!partition) return std::unexpected(partition.error());
    if (auto done = operators_.projections->go_on_from_standing(name, *partition); !done) return done;
    return projection_document(name);
  });
}

} // namespace reverie::gateway
