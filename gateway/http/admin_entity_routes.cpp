#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

namespace reverie::gateway {

void admin_api::add_entity_routes(std::vector<route>& routes) {
  add_read(routes, "/entities/{kind}/{id}", "An entity now", {"privacy", "reason"}, &admin_api::entity);
  add_list(routes, "/entities/{kind}/{id}/history", "Its records", {"direction", "sequence", "privacy", "reason"}, &admin_api::entity_history);
  add_read(routes, "/entities/{kind}/{id}/state", "Its state at a sequence or time", {"sequence", "time", "privacy", "reason"}, &admin_api::entity_state);
  add_read(routes, "/entities/{kind}/{id}/diff", "What changed between two sequences", {"from", "to", "privacy", "reason"}, &admin_api::entity_diff);
  add_read(routes, "/people/{user_id}/world", "A person with all sessions and bonds, at one position", {"position", "privacy", "reason"}, &admin_api::world);
}

task<http_response> admin_api::entity(http_request& request) {
  if (auto there = present(operators_.entities); !there) co_return refused(request, there.error());
  const auto which = entity_in_path(request);
  if (!which) co_return refused(request, which.error());
  co_return co_await show_personal(request, "entity.read", events::to_string(*which), [this, which = *which](privacy_mode privacy) { return operators_.entities->entity(which, privacy); });
}

task<http_response> admin_api::entity_history(http_request& request) {
  if (auto there = present(operators_.entities); !there) co_return refused(request, there.error());
  const auto which = entity_in_path(request);
  if (!which) co_return refused(request, which.error());
  auto query = record_query_of(request);
  if (!query) co_return refused(request, query.error());
  const auto sequence = number_of(request, "sequence");
  if (!sequence) co_return refused(request, sequence.error());
  query->sequence = *sequence;
  co_return co_await show_personal(request, "entity.history", events::to_string(*which), [this, which = *which, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.entities->history(which, query);
  });
}

task<http_response> admin_api::entity_state(http_request& request) {
  if (auto there = present(operators_.entities); !there) co_return refused(request, there.error());
  const auto which = entity_in_path(request);
  if (!which) co_return refused(request, which.error());
  const auto sequence = number_of(request, "sequence");
  if (!sequence) co_return refused(request, sequence.error());
  const auto time = time_of(request, "time");
  if (!time) co_return refused(request, time.error());
  const entity_moment when{*sequence, *time};
  co_return co_await show_personal(request, "entity.state", events::to_string(*which), [this, which = *which, when](privacy_mode privacy) { return operators_.entities->state_at(which, when, privacy); });
}

task<http_response> admin_api::entity_diff(http_request& request) {
  if (auto there = present(operators_.entities); !there) co_return refused(request, there.error());
  const auto which = entity_in_path(request);
  if (!which) co_return refused(request, which.error());
  std::uint64_t ends[2] = {};
  for (auto [name, into] : {std::pair{"from", &ends[0]}, std::pair{"to", &ends[1]}}) {
    const auto number = number_of(request, name);
    if (!number) co_return refused(request, number.error());
    if (!*number) co_return refused(request, validation_error("This field is required.", name));
    *into = **number;
  }
  const auto from = ends[0], to = ends[1];
  co_return co_await show_personal(request, "entity.diff", events::to_string(*which),
                                   [this, which = *which, from, to](privacy_mode privacy) { return operators_.entities->diff(which, from, to, privacy); });
}

task<http_response> admin_api::world(http_request& request) {
  if (auto there = present(operators_.entities); !there) co_return refused(request, there.error());
  const auto person = path_id(request);
  if (!person) co_return refused(request, person.error());
  const auto at = events::parse_record_position(text_of(request, "position"));
  if (!at) co_return refused(request, validation_error("This is not a position.", "position"));
  co_return co_await show_personal(request, "person.world", "user/" + events::to_string(*person),
                                   [this, person = events::user_id{*person}, at = *at](privacy_mode privacy) { return operators_.entities->world(person, at, privacy); });
}

} // namespace reverie::gateway
