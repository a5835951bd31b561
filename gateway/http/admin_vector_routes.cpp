#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include <charconv>

namespace reverie::gateway {

namespace {

constexpr std::uint64_t queries_default = 100, queries_max = 2'000, nearest_default = 10, nearest_max = 100;

/// 0 for what is no version.
std::uint32_t vector_number(const http_request& request) {
  std::uint32_t number = 0;
  const std::string_view text = request.path_values.empty() ? std::string_view() : std::string_view(request.path_values.front());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

result<std::uint64_t> comparison_count(const action_body& body, const char* name, std::uint64_t otherwise, std::uint64_t most) {
  const auto found = body.fields.find(name);
  if (found == body.fields.end() || found->is_null()) return otherwise;
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() == 0 || found->get<std::uint64_t>() > most)
    return std::unexpected(validation_error(std::string(name) + " is from 1 to " + std::to_string(most) + ".", name));
  return found->get<std::uint64_t>();
}

} // namespace

void admin_api::add_vector_routes(std::vector<route>& routes) {
  add_read(routes, "/vectors", "Versions of the vectors by embedding model", {}, &admin_api::vectors);
  add_action(routes, "/vectors/build", "Make vectors by another model beside those that serve [confirm, reason]", &admin_api::build_vectors, 202);
  add_read(routes, "/vectors/build", "How far that is", {}, &admin_api::vector_build);
  add_read(routes, "/vectors/build/impact", "What it would touch", {}, &admin_api::build_vectors_impact);
  add_action(routes, "/vectors/build/cancel", "End it; what was made can be gone on with", &admin_api::cancel_vectors);
  add_action(routes, "/vectors/{v}/compare", "Recall by it against recall by the one that serves", &admin_api::compare_vectors);
  add_action(routes, "/vectors/{v}/switch", "Let searches go by it [confirm, reason]", &admin_api::switch_vectors);
  add_read(routes, "/vectors/{v}/switch/impact", "What it would touch", {}, &admin_api::switch_vectors_impact);
  add_action(routes, "/vectors/roll-back", "Go back to the version before [confirm, reason]", &admin_api::roll_back_vectors);
  add_read(routes, "/vectors/roll-back/impact", "What it would touch", {}, &admin_api::roll_back_vectors_impact);
  add_action(routes, "/vectors/{v}/drop", "Take a version away [confirm, reason]", &admin_api::drop_vectors);
  add_read(routes, "/vectors/{v}/drop/impact", "What it would touch", {}, &admin_api::drop_vectors_impact);
}

task<http_response> admin_api::vectors(http_request& request) {
  if (auto there = present(operators_.vectors); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this] { return operators_.vectors->list(); });
}

task<http_response> admin_api::vector_build(http_request& request) {
  if (auto there = present(operators_.vectors); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this] { return operators_.vectors->build_view(); });
}

task<http_response> admin_api::cancel_vectors(http_request& request) {
  if (auto there = present(operators_.vectors); !there) co_return refused(request, there.error());
  intent wish{.action = "vectors.cancel", .subject = "vectors", .needs_reason = true};
  co_return co_await act(request, std::move(wish), [this](const action_body&) { return operators_.vectors->act("cancel", 0, false); });
}

task<http_response> admin_api::compare_vectors(http_request& request) {
  if (auto there = present(operators_.vectors); !there) co_return refused(request, there.error());
  const auto version = vector_number(request);
  intent wish{.action = "vectors.compare", .subject = "vectors v" + std::to_string(version)};
  co_return co_await act(request, std::move(wish), [this, version](const action_body& body) -> result<document> {
    const auto queries = comparison_count(body, "queries", queries_default, queries_max), nearest = comparison_count(body, "k", nearest_default, nearest_max);
    if (!queries || !nearest) return std::unexpected((queries ? nearest : queries).error());
    return operators_.vectors->compare(version, *queries, *nearest);
  });
}

/// What must be confirmed.
task<http_response> admin_api::change_vectors(http_request& request, std::string what) {
  if (auto there = present(operators_.vectors); !there) co_return refused(request, there.error());
  const auto version = vector_number(request);
  intent wish{.action = "vectors." + what, .subject = version > 0 ? "vectors v" + std::to_string(version) : std::string("vectors"),
              .impact = [this, what, version] { return operators_.vectors->impact(what, version); }, .needs_reason = true};
  wish.success = what == "build" ? 202 : 200;
  co_return co_await act(request, std::move(wish), [this, what, version](const action_body& body) -> result<document> {
    const auto wished = body.fields.find("without_comparison");
    const bool without = wished != body.fields.end() && wished->is_boolean() && wished->get<bool>();
    return operators_.vectors->act(what, version, without);
  });
}

task<http_response> admin_api::vector_impact(http_request& request, std::string what) {
  if (auto there = present(operators_.vectors); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, what = std::move(what), version = vector_number(request)] { return operators_.vectors->impact(what, version); });
}

task<http_response> admin_api::build_vectors(http_request& request) { return change_vectors(request, "build"); }
task<http_response> admin_api::switch_vectors(http_request& request) { return change_vectors(request, "switch"); }
task<http_response> admin_api::roll_back_vectors(http_request& request) { return change_vectors(request, "roll-back"); }
task<http_response> admin_api::drop_vectors(http_request& request) { return change_vectors(request, "drop"); }
task<http_response> admin_api::build_vectors_impact(http_request& request) { return vector_impact(request, "build"); }
task<http_response> admin_api::switch_vectors_impact(http_request& request) { return vector_impact(request, "switch"); }
task<http_response> admin_api::roll_back_vectors_impact(http_request& request) { return vector_impact(request, "roll-back"); }
task<http_response> admin_api::drop_vectors_impact(http_request& request) { return vector_impact(request, "drop"); }

} // namespace reverie::gateway
