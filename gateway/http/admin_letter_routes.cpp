#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include <charconv>
#include <cstdint>

namespace reverie::gateway {

namespace {

std::optional<std::int64_t> letter_in(const http_request& request) {
  std::int64_t id = 0;
  const std::string_view text = request.path_values.empty() ? std::string_view() : std::string_view(request.path_values.front());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || id < 0) return std::nullopt;
  return id;
}

} // namespace

void admin_api::add_letter_routes(std::vector<route>& routes) {
  add_list(routes, "/dead-letters", "Events that no fold could take", {"projection", "state", "entity", "version"}, &admin_api::letters);
  add(routes, {.method = "POST", .pattern = "/dead-letters/{id}/retry", .summary = "Fold the entity's parked events again, in order", .request_schema = "OperatorAction",
               .response_schema = "OperatorView", .query = {"dry_run"}, .body_types = {"application/json"}, .body_max = 4096}, &admin_api::retry_letter);
  add_action(routes, "/dead-letters/{id}/discard", "Give an event up for good [confirm, reason]", &admin_api::discard_letter);
  add_read(routes, "/dead-letters/{id}/discard/impact", "What it would touch", {}, &admin_api::discard_impact);
}

task<http_response> admin_api::letters(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  letter_query query{.projection = text_of(request, "projection"), .state = text_of(request, "state"), .entity = text_of(request, "entity"), .cursor = {}};
  if (!query.state.empty() && query.state != "parked" && query.state != "first" && query.state != "retried" && query.state != "discarded" && query.state != "any")
    co_return refused(request, validation_error("state is parked, first (what others of its entity wait for), retried, discarded or any.", "state"));
  const auto version = number_of(request, "version");
  if (!version) co_return refused(request, version.error());
  if (*version) {
    if (query.projection.empty()) co_return refused(request, validation_error("version goes with projection.", "version"));
    if (**version > INT32_MAX) co_return refused(request, not_found_error("There is no such version."));
    query.version = static_cast<std::uint32_t>(**version);
  }
  const auto size = page_size_of(request);
  if (!size) co_return refused(request, size.error());
  query.page_size = *size;
  auto cursor = cursor_of(request);
  if (!cursor) co_return refused(request, cursor.error());
  query.cursor = *cursor;
  co_return co_await show(request, [this, query = std::move(query)] { return operators_.letters->list(query); });
}

task<http_response> admin_api::retry_letter(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = letter_in(request);
  if (!id) co_return refused(request, not_found_error("There is no such dead letter."));
  const bool dry_run = text_of(request, "dry_run") == "true";
  intent wish{.action = "dead_letter.retry", .subject = std::to_string(*id)};
  wish.detail["dry_run"] = dry_run;
  co_return co_await act(request, std::move(wish), [this, id = *id, dry_run](const action_body&) { return operators_.letters->retry(id, dry_run); });
}

task<http_response> admin_api::discard_letter(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = letter_in(request);
  if (!id) co_return refused(request, not_found_error("There is no such dead letter."));
  intent wish{.action = "dead_letter.discard", .subject = std::to_string(*id), .impact = [this, id = *id] { return operators_.letters->impact(id); }, .needs_reason = true};
  co_return co_await act(request, std::move(wish), [this, id = *id](const action_body& body) { return operators_.letters->discard(id, body.reason); });
}

task<http_response> admin_api::discard_impact(http_request& request) {
  if (auto there = present(operators_.letters); !there) co_return refused(request, there.error());
  const auto id = letter_in(request);
  if (!id) co_return refused(request, not_found_error("There is no such dead letter."));
  co_return co_await show(request, [this, id = *id] { return operators_.letters->impact(id); });
}

} // namespace reverie::gateway
