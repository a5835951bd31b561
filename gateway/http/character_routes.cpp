#include "gateway/http/resource_json.hpp"
#include "gateway/http/rest_api.hpp"

#include "events/model/limits.hpp"

namespace reverie::gateway {

namespace limits = events::limits;

void rest_api::add_character_routes(std::vector<route>& routes) {
  routes.push_back(bound({"GET", "/api/v1/characters", "Published characters and your own", route_access::signed_in, "", "Character",
                          200, true},
                         &rest_api::characters));
  routes.push_back(bound({"POST", "/api/v1/characters", "Import a character card (V1, V2, V3; JSON, or PNG with chara or ccv3)",
                          route_access::signed_in, "CharacterCard", "Character", 201, false, {}, {"application/json", "image/png"},
                          limits::card_bytes},
                         &rest_api::create_character));
  routes.push_back(bound({"GET", "/api/v1/characters/{id}", "A character", route_access::signed_in, "", "Character", 200, false,
                          {"min_position"}},
                         &rest_api::character));
  routes.push_back(bound({"GET", "/api/v1/characters/{id}/card", "The imported bytes, unchanged", route_access::signed_in, "", "", 200,
                          false, {"min_position"}},
                         &rest_api::card));
  routes.push_back(bound({"GET", "/api/v1/characters/{id}/avatar", "The picture of the card", route_access::everybody},
                         &rest_api::avatar));
}

task<http_response> rest_api::characters(http_request& request) {
  auto fields = projections::character_list_fields();
  auto list = list_request_of(request.query, fields);
  if (!list) co_return refused(request, list.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  auto page = co_await rows_.read(user, *position, [user, list = *list](auto& reads) { return reads.characters(user, list); });
  if (!page) co_return refused(request, list_error(page.error(), *list));
  co_return json_response(200, to_json(*page));
}

task<http_response> rest_api::character(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  events::character_id character{*id};
  auto row = co_await rows_.read(user, *position, [user, character](auto& reads) { return reads.character(user, character); });
  if (!row) co_return refused(request, row.error());
  if (!*row) co_return not_there(request, not_found_error("There is no such character."));
  co_return json_response(200, to_json(**row));
}

task<http_response> rest_api::create_character(http_request& request) {
  auto made = co_await chats_.create_character(request.who.user, request.media_type, std::move(request.body));
  if (!made) co_return refused(request, made.error());
  auto response = json_response(201, to_json(made->row));
  response.headers.emplace_back("Location", "/api/v1/characters/" + events::to_string(made->row.id));
  co_return with_position(std::move(response), made->position);
}

task<http_response> rest_api::card(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  events::character_id character{*id};
  auto found = co_await rows_.read(user, *position, [user, character](auto& reads) { return reads.card(user, character); });
  if (!found) co_return refused(request, found.error());
  if (!*found) co_return not_there(request, not_found_error("There is no such character."));
  http_response response;
  response.media_type = (*found)->media_type;
  response.body = std::move((*found)->bytes);
  response.headers.emplace_back("Content-Disposition", "attachment");
  co_return response;
}

task<http_response> rest_api::avatar(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  // An <img> sends no token: published pictures are for everybody, a private one needs the owner's token.
  auto user = request.who.user;
  events::character_id character{*id};
  auto found = co_await rows_.read(user, std::nullopt, [user, character](auto& reads) { return reads.card(user, character); });
  if (!found) co_return refused(request, found.error());
  if (!*found || (*found)->media_type != "image/png") co_return not_there(request, not_found_error("There is no such picture."));
  http_response response;
  response.media_type = "image/png";
  response.body = std::move((*found)->bytes);
  response.headers.emplace_back("Cache-Control", "private, max-age=3600");
  co_return response;
}

} // namespace reverie::gateway
