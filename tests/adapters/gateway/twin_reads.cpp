#include "tests/adapters/gateway/twin_reads.hpp"

#include "gateway/wire/png_text.hpp"

#include <algorithm>

namespace reverie::projections {

std::vector<list_field> character_list_fields() {
  return {{"name", list_field::kind::text}, {"created_at", list_field::kind::time}, {"tags", list_field::kind::text_list}};
}
std::vector<list_field> conversation_list_fields() {
  return {{"state", list_field::kind::text}, {"character_id", list_field::kind::uuid}, {"updated_at", list_field::kind::time}};
}
std::vector<list_field> message_list_fields() {
  return {{"role", list_field::kind::text}, {"created_at", list_field::kind::time}};
}
std::vector<list_field> memory_list_fields() {
  return {{"kind", list_field::kind::text}, {"text", list_field::kind::text}, {"recorded_at", list_field::kind::time}};
}

} // namespace reverie::projections

namespace reverie::tests {

using namespace projections;
namespace session = events::session;

#define REVERIE_TWIN_IS_THERE()                                                                                                            \
  std::lock_guard lock(node_.mutex);                                                                                                       \
  if (away) return events::fail(events::failure_code::unavailable, "the database is away")

namespace {

template <class Item>
page_of<Item> cut(std::vector<Item> all, const list_request& request) {
  page_of<Item> page;
  page.total = all.size();
  page.page = request.page;
  page.page_size = request.page_size;
  auto from = std::min<std::size_t>(all.size(), std::size_t{request.page - 1} * request.page_size);
  auto to = std::min<std::size_t>(all.size(), from + request.page_size);
  page.items.assign(all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to));
  page.has_more = to < all.size();
  return page;
}

character_row row_of(events::character_id id, const actors::character::create_character& made) {
  character_row row;
  row.id = id;
  row.owner = made.owner;
  row.name = made.profile.name;
  row.tagline = made.profile.tagline;
  row.greeting = made.profile.first_message;
  row.tags = made.profile.tags;
  row.has_picture = made.media_type == "image/png";
  row.created_at = twin_node::happened_at;
  return row;
}

bool sees(events::user_id reader, const actors::character::create_character& made) { return made.published || made.owner == reader; }

conversation_row row_of(events::session_id id, const twin_node::conversation& of) {
  events::entity_position last;
  if (!of.updates.empty()) last = {of.updates.back()->position, {of.last_sequence}};
  return {id, of.user, of.character, "A talk", of.open, last, {}, {}};
}

} // namespace

events::outcome<std::optional<user_row>> twin_reads::user(events::user_id id) {
  REVERIE_TWIN_IS_THERE();
  auto found = node_.people.find(id);
  if (found == node_.people.end()) return std::nullopt;
  return user_row{id, found->second.email, found->second.display_name, found->second.roles, twin_node::happened_at, {}};
}

events::outcome<page_of<character_row>> twin_reads::characters(events::user_id reader, const list_request& request) {
  REVERIE_TWIN_IS_THERE();
  if (request.cursor == "foreign") return events::fail(events::failure_code::malformed, "the cursor does not belong to this list");
  std::vector<character_row> rows;
  for (const auto& [id, made] : node_.characters) {
    if (sees(reader, made)) rows.push_back(row_of(id, made));
  }
  return cut(std::move(rows), request);
}

events::outcome<std::optional<character_row>> twin_reads::character(events::user_id reader, events::character_id id) {
  REVERIE_TWIN_IS_THERE();
  auto found = node_.characters.find(id);
  if (found == node_.characters.end() || !sees(reader, found->second)) return std::nullopt;
  return row_of(id, found->second);
}

events::outcome<std::optional<card_bytes>> twin_reads::card(events::user_id reader, events::character_id id) {
  REVERIE_TWIN_IS_THERE();
  auto found = node_.characters.find(id);
  if (found == node_.characters.end() || !sees(reader, found->second)) return std::nullopt;
  return card_bytes{found->second.media_type, *gateway::decode_base64(found->second.card_base64)};
}

events::outcome<page_of<conversation_row>> twin_reads::conversations(events::user_id reader, const list_request& request) {
  REVERIE_TWIN_IS_THERE();
  std::vector<conversation_row> rows;
  for (const auto& [id, of] : node_.conversations) {
    bool wanted = std::ranges::all_of(request.filters, [&](const auto& filter) {
      return filter.field != "character_id" || filter.value == events::to_string(of.character);
    });
    if (of.user == reader && wanted) rows.push_back(row_of(id, of));
  }
  if (request.descending) std::ranges::reverse(rows); // ids grow with time
  return cut(std::move(rows), request);
}

events::outcome<std::optional<conversation_row>> twin_reads::conversation(events::user_id reader, events::session_id id) {
  REVERIE_TWIN_IS_THERE();
  auto found = node_.conversations.find(id);
  if (found == node_.conversations.end() || found->second.user != reader) return std::nullopt;
  return row_of(id, found->second);
}

events::outcome<std::optional<page_of<message_row>>> twin_reads::messages(events::user_id reader, events::session_id id,
                                                                          const list_request& request) {
  REVERIE_TWIN_IS_THERE();
  auto found = node_.conversations.find(id);
  if (found == node_.conversations.end() || found->second.user != reader) return std::nullopt;
  std::vector<message_row> rows;
  for (const auto& update : found->second.updates) {
    for (const auto& happened : update->happened) {
      if (const auto* opened = std::get_if<session::opened>(&happened.payload); opened && !opened->greeting.is_nil()) {
        rows.push_back({opened->greeting, id, std::nullopt, "character", opened->greeting_text, "complete", {}, {update->position, happened.context.sequence}});
      } else if (const auto* sent = std::get_if<session::message_sent>(&happened.payload)) {
        rows.push_back({sent->message, id, sent->parent, "user", sent->content, "complete", {}, {update->position, happened.context.sequence}});
      } else if (const auto* done = std::get_if<session::reply_completed>(&happened.payload)) {
        rows.push_back({done->reply, id, std::nullopt, "character", done->content, "complete", {}, {update->position, happened.context.sequence}});
      }
    }
  }
  return cut(std::move(rows), request);
}

events::outcome<page_of<memory_row>> twin_reads::memories(events::user_id reader, std::optional<events::character_id>,
                                                          const list_request& request) {
  REVERIE_TWIN_IS_THERE();
  if (reader != memory_owner) return page_of<memory_row>{};
  auto rows = kept;
  std::erase_if(rows, [&](const auto& row) { return node_.forgotten.contains(row.id); });
  return cut(std::move(rows), request);
}

events::outcome<std::optional<memory_row>> twin_reads::memory(events::user_id reader, events::memory_id id) {
  REVERIE_TWIN_IS_THERE();
  for (const auto& row : kept) {
    if (row.id == id && reader == memory_owner && !node_.forgotten.contains(id)) return row;
  }
  return std::nullopt;
}

events::outcome<std::optional<bond_row>> twin_reads::bond(events::user_id reader, events::character_id character) {
  REVERIE_TWIN_IS_THERE();
  for (const auto& [id, of] : node_.conversations) {
    if (of.user == reader && of.character == character) {
      return bond_row{character, {{"affection", 0.25}}, "friend", {{"affection", 0.25, "kind_words", std::nullopt, {}}}};
    }
  }
  return std::nullopt;
}

events::outcome<actors::recall_result> twin_reads::find(const actors::recall_query& query) {
  REVERIE_TWIN_IS_THERE();
  actors::recall_result result;
  for (const auto& row : kept) {
    if (query.user != memory_owner || row.text.find(query.text) == std::string::npos) continue;
    actors::recalled_memory memory;
    memory.memory = row.id;
    memory.character = row.character;
    memory.kind = row.kind;
    memory.text = row.text;
    memory.score = 0.5;
    result.memories.push_back(memory);
  }
  return result;
}

void twin_reads::when_folded(events::log_position position, std::chrono::milliseconds, std::function<void(bool)> done) {
  done(position.offset < folded_to);
}

std::vector<projection_status> twin_reads::status() { return {{"messages", 1, {0}, folded_to, 0, 0, ""}}; }

} // namespace reverie::tests
