#include "gateway/http/resource_json.hpp"
#include "gateway/http/rest_api.hpp"
#include "gateway/wire/text_checks.hpp"

#include "events/model/limits.hpp"

namespace reverie::gateway {

void rest_api::add_memory_routes(std::vector<route>& routes) {
  routes.push_back(bound({"GET", "/api/v1/memories", "What characters remember: with q by relevance, without by time",
                          route_access::signed_in, "", "Memory", 200, true, {"character_id", "q"}},
                         &rest_api::memories));
  routes.push_back(bound({"DELETE", "/api/v1/memories/{id}", "Forget for good: the memory and its source turns",
                          route_access::signed_in, "", "", 204},
                         &rest_api::forget));
  routes.push_back(bound({"GET", "/api/v1/bonds/{character_id}", "How a character feels about you, and why", route_access::signed_in,
                          "", "Bond", 200, false, {"min_position"}},
                         &rest_api::bond));
}

task<http_response> rest_api::memories(http_request& request) {
  std::optional<events::character_id> character;
  if (auto text = value_of(request.query, "character_id"); text && !text->empty()) {
    auto id = events::parse_uuid(*text);
    if (!id) co_return refused(request, validation_error("This must be a UUID.", "character_id"));
    character = events::character_id{*id};
  }
  auto text = std::string(value_of(request.query, "q").value_or(""));
  if (!text.empty()) co_return co_await find_memories(request, character, std::move(text));

  auto fields = projections::memory_list_fields();
  auto list = list_request_of(request.query, fields);
  if (!list) co_return refused(request, list.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  auto page = co_await rows_.read(user, *position,
                                  [user, character, list = *list](auto& reads) { return reads.memories(user, character, list); });
  if (!page) co_return refused(request, list_error(page.error(), *list));
  co_return json_response(200, to_json(*page));
}

task<http_response> rest_api::find_memories(http_request& request, std::optional<events::character_id> character, std::string text) {
  if (auto checked = check_text(text, events::limits::message_bytes, "q"); !checked) co_return refused(request, checked.error());
  auto list = list_request_of(request.query, {});
  if (!list) co_return refused(request, list.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  if (auto waited = co_await rows_.caught_up(request.who.user, *position); !waited) co_return refused(request, waited.error());
  actors::recall_query query;
  query.user = request.who.user;
  query.character = character.value_or(events::character_id{}); // nil: what all of this person's characters remember
  query.text = std::move(text);
  query.limit = list->page_size;
  query.min_position = *position;
  auto found = co_await database_.run([this, query] { return ports_.recall.find(query); });
  if (!found) co_return refused(request, error_of(found.error()));
  projections::page_of<projections::memory_row> page;
  for (const auto& memory : found->memories) page.items.push_back(row_of(memory));
  page.total = page.items.size();
  page.page_size = list->page_size;
  co_return json_response(200, to_json(page));
}

task<http_response> rest_api::forget(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto answer = co_await chats_.forget(request.who.user, events::memory_id{*id});
  if (!answer) co_return refused(request, answer.error());
  co_return with_position(empty_response(204), answer->position);
}

task<http_response> rest_api::bond(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  events::character_id character{*id};
  auto row = co_await rows_.read(user, *position, [user, character](auto& reads) { return reads.bond(user, character); });
  if (!row) co_return refused(request, row.error());
  if (!*row) co_return not_there(request, not_found_error("You have not met this character."));
  co_return json_response(200, to_json(**row));
}

} // namespace reverie::gateway
