#include "projections/queries/postgres_read_models.hpp"

#include "events/model/limits.hpp"
#include "projections/queries/list_sources.hpp"

#include <nlohmann/json.hpp>

namespace reverie::projections {
namespace {

constexpr const char* visible_character = "published OR owner_id = $1::uuid";

template <class Item, class Read>
outcome<page_of<Item>> list(connection_pool& pool, const list_source& source, std::vector<std::string> conditions, sql_params params,
                            const list_request& request, Read&& read) {
  list_query query(source, std::move(conditions), std::move(params));
  if (auto applied = query.apply(request); !applied) return std::unexpected(applied.error());
  auto held = pool.borrow();
  if (!held) return std::unexpected(held.error());
  const auto answers = (*held)->run_all(query.statements());
  if (!answers) return std::unexpected(answers.error());
  return query.page<Item>(*answers, read);
}

template <class Item, class Read>
outcome<std::optional<Item>> one(connection_pool& pool, const list_source& source, const std::string& condition, const sql_params& params,
                                 Read&& read) {
  const auto rows = pool.run("SELECT " + std::string(source.columns) + " FROM " + std::string(source.from) + " WHERE " + condition, params);
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<Item>{};
  return std::optional<Item>(read(*rows, 0));
}

} // namespace

outcome<std::optional<user_row>> postgres_read_models::user(events::user_id id) {
  return one<user_row>(pool_, users_list, "id = $1", {to_string(id)}, user_in);
}

outcome<page_of<character_row>> postgres_read_models::characters(events::user_id reader, const list_request& request) {
  return list<character_row>(pool_, characters_list, {visible_character}, {to_string(reader)}, request, character_in);
}

outcome<std::optional<character_row>> postgres_read_models::character(events::user_id reader, events::character_id id) {
  return one<character_row>(pool_, characters_list, std::string("(") + visible_character + ") AND id = $2", {to_string(reader), to_string(id)},
                            character_in);
}

outcome<std::optional<card_bytes>> postgres_read_models::card(events::user_id reader, events::character_id id) {
  const auto rows = pool_.run("SELECT k.media_type, encode(k.card, 'hex') FROM reverie.character_cards k JOIN reverie.characters c ON c.id = k.id "
                              "WHERE (c.published OR c.owner_id = $1::uuid) AND c.id = $2",
                              {to_string(reader), to_string(id)});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<card_bytes>{};
  const auto digit = [](char each) { return each <= '9' ? each - '0' : each - 'a' + 10; };
  const auto hex = rows->text(0, 1);
  card_bytes made{std::string(rows->text(0, 0)), {}};
  made.bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) made.bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return std::optional(std::move(made));
}

outcome<page_of<conversation_row>> postgres_read_models::conversations(events::user_id reader, const list_request& request) {
  return list<conversation_row>(pool_, conversations_list, {"user_id = $1::uuid"}, {to_string(reader)}, request, conversation_in);
}

outcome<std::optional<conversation_row>> postgres_read_models::conversation(events::user_id reader, events::session_id id) {
  return one<conversation_row>(pool_, conversations_list, "user_id = $1 AND id = $2", {to_string(reader), to_string(id)}, conversation_in);
}

outcome<std::optional<page_of<message_row>>> postgres_read_models::messages(events::user_id reader, events::session_id conversation,
                                                                            const list_request& request) {
  const auto owner = pool_.run("SELECT 1 FROM reverie.message_threads WHERE id = $1 AND user_id = $2", {to_string(conversation), to_string(reader)});
  if (!owner) return std::unexpected(owner.error());
  if (owner->rows() == 0) return std::optional<page_of<message_row>>{};
  auto page = list<message_row>(pool_, messages_list, {"conversation_id = $1::uuid"}, {to_string(conversation)}, request, message_in);
  if (!page) return std::unexpected(page.error());
  return std::optional(std::move(*page));
}

outcome<page_of<memory_row>> postgres_read_models::memories(events::user_id reader, std::optional<events::character_id> character,
                                                            const list_request& request) {
  std::vector<std::string> conditions{"user_id = $1::uuid"};
  sql_params params{to_string(reader)};
  if (character) {
    conditions.emplace_back("character_id = $2::uuid");
    params.emplace_back(to_string(*character));
  }
  return list<memory_row>(pool_, memories_list, std::move(conditions), std::move(params), request, memory_in);
}

outcome<std::optional<memory_row>> postgres_read_models::memory(events::user_id reader, events::memory_id id) {
  return one<memory_row>(pool_, memories_list, "user_id = $1 AND id = $2", {to_string(reader), to_string(id)}, memory_in);
}

outcome<std::optional<bond_row>> postgres_read_models::bond(events::user_id reader, events::character_id character) {
  const auto rows = pool_.run("SELECT axes, level, id FROM reverie.bonds WHERE user_id = $1 AND character_id = $2", {to_string(reader), to_string(character)});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<bond_row>{};
  bond_row made{character, {}, std::string(rows->text(0, 1)), {}};
  const auto axes = nlohmann::json::parse(rows->text(0, 0));
  for (const auto& [axis, level] : axes.items()) made.axes.emplace_back(axis, level.get<double>());
  const auto causes = pool_.run("SELECT axis, delta, reason, message_id, " + as_milliseconds("at") + ", conversation_id" +
                                    " FROM reverie.bond_causes WHERE bond_id = $1 ORDER BY sequence DESC LIMIT $2",
                                {std::string(rows->text(0, 2)), std::to_string(events::limits::affinity_causes_kept)});
  if (!causes) return std::unexpected(causes.error());
  for (std::size_t i = 0; i < causes->rows(); ++i) {
    std::optional<events::message_id> message;
    if (!causes->is_null(i, 3)) message = events::message_id{causes->uuid(i, 3)};
    made.causes.push_back({std::string(causes->text(i, 0)), causes->real(i, 1), std::string(causes->text(i, 2)), message, causes->time(i, 4), {}});
    if (!causes->is_null(i, 5)) made.causes.back().conversation = events::session_id{causes->uuid(i, 5)};
  }
  return std::optional(std::move(made));
}

} // namespace reverie::projections
