#include "gateway/bridge/chat_service.hpp"

#include "gateway/bridge/entity_addresses.hpp"
#include "gateway/bridge/fresh_ids.hpp"
#include "gateway/bridge/opening_watch.hpp"
#include "gateway/wire/png_text.hpp"
#include "gateway/wire/session_frames.hpp"

#include "events/model/limits.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace reverie::gateway {

using actors::command_answer;
using events::outcome;
namespace {
constexpr std::uint32_t conversations_tried = 3;
}

using history_page = outcome<std::vector<actors::shared_update>>;

chat_service::chat_service(gateway_ports& ports, blocking_pool& database, command_gate& commands, row_reader& rows,
                           std::uint32_t messages_per_minute)
    : ports_(ports), database_(database), commands_(commands), rows_(rows),
      messages_(messages_per_minute, events::limits::people_remembered) {}

task<result<created_character>> chat_service::create_character(events::user_id owner, std::string media_type,
                                                               std::string bytes) {
  struct prepared {
    result<parsed_card> card;
    std::string base64;
  };
  auto done = co_await database_.run([media_type, bytes = std::move(bytes)]() -> outcome<prepared> {
    prepared made{parse_card(media_type, bytes), {}};
    if (made.card) made.base64 = encode_base64(bytes);
    return made;
  });
  if (!done) co_return std::unexpected(error_of(done.error()));
  if (!done->card) co_return std::unexpected(done->card.error());
  auto now = ports_.now();
  events::character_id character{fresh_uuid(now)};
  auto& profile = done->card->profile;
  projections::character_row row;
  row.id = character;
  row.owner = owner;
  row.name = profile.name;
  row.tagline = profile.tagline;
  row.greeting = profile.first_message;
  row.tags = profile.tags;
  row.has_picture = media_type == "image/png";
  row.created_at = row.updated_at = now;
  actors::character::create_character command{owner, false, media_type, std::move(done->base64), done->card->spec, profile};
  auto answer = co_await commands_.submit(
      commands_.envelope(owner, address_of(character), actors::character::command{std::move(command)}));
  if (!answer) co_return std::unexpected(answer.error());
  auto stored = co_await rows_.read(owner, std::nullopt, [owner, character](auto& reads) { return reads.character(owner, character); });
  if (stored && *stored) {
    row = std::move(**stored);
  } else {
    row.created_at = row.updated_at = co_await commands_.began_at(address_of(character), now);
  }
  co_return created_character{std::move(row), answer->position};
}

task<result<bool>> chat_service::opened_in_log(events::user_id user, events::session_id session) {
  auto page = co_await await_callback<history_page>([this, user, session](std::function<void(history_page)> done) {
    ports_.node.read_history(address_of(user, session), std::nullopt, 1, std::move(done));
  });
  if (!page) co_return std::unexpected(error_of(page.error()));
  co_return !page->empty() && opened_for(page->front()->happened) == user;
}

task<result<bool>> chat_service::is_of(events::user_id user, events::session_id conversation) {
  auto row = co_await database_.run([this, user, conversation] { return ports_.reads.conversation(user, conversation); });
  if (row && *row) co_return true;
  co_return co_await opened_in_log(user, conversation);
}

task<std::optional<events::entity_position>> chat_service::last_position(events::user_id user, events::session_id conversation) {
  auto row = co_await rows_.read(user, std::nullopt, [user, conversation](auto& reads) { return reads.conversation(user, conversation); });
  if (row && *row) co_return (*row)->last_position;
  co_return std::nullopt;
}

task<result<std::optional<events::log_position>>> chat_service::wait_opened(events::user_id user, events::session_id session,
                                                                            std::shared_ptr<opening_watch> watch) {
  if (auto there = co_await opened_in_log(user, session); there && *there) co_return std::nullopt;
  auto timer = std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor);
  timer->expires_after(events::limits::read_own_writes_wait_ms * 2);
  timer->async_wait([watch, timer](boost::system::error_code cancelled) {
    if (!cancelled) watch->give_up();
  });
  auto at = co_await await_callback<opening_watch::opened>(
      [watch, session](std::function<void(opening_watch::opened)> done) { watch->when_opened(session, std::move(done)); });
  timer->cancel();
  if (!at) co_return std::unexpected(unavailable_error("The conversation is not open yet. Please try again."));
  co_return at;
}

task<result<opened_conversation>> chat_service::open(events::user_id user, events::character_id character) {
  struct known {
    std::optional<projections::character_row> character;
    std::string user_name;
  };
  auto rows = co_await rows_.read(user, std::nullopt, [user, character](projections::read_models& reads) -> outcome<known> {
    auto row = reads.character(user, character);
    if (!row) return std::unexpected(row.error());
    auto person = reads.user(user);
    if (!person) return std::unexpected(person.error());
    return known{std::move(*row), *person ? (*person)->name : "friend"};
  });
  if (!rows) co_return std::unexpected(rows.error());
  if (!rows->character) co_return std::unexpected(rows_.not_there(user, not_found_error("There is no such character.")));
  const auto& row = *rows->character;

  auto watch = std::make_shared<opening_watch>();
  watch->listening = ports_.node.listen(user, watch);
  actors::bond::open_conversation command{user, character, row.version, with_names(row.greeting, rows->user_name, row.name)};
  auto answer = co_await commands_.submit(
      commands_.envelope(user, address_of(user, character), actors::bond::command{std::move(command)}));
  if (!answer) co_return std::unexpected(answer.error());
  events::session_id session{answer->subject};
  auto opened = co_await wait_opened(user, session, watch);
  if (!opened) co_return std::unexpected(opened.error());

  bool fresh = answer->changed && !answer->repeated;
  auto min_position = opened->has_value() ? *opened : std::optional<events::log_position>{};
  auto stored = co_await rows_.read(user, min_position, [user, session](auto& reads) { return reads.conversation(user, session); });
  if (stored && *stored) co_return opened_conversation{std::move(**stored), fresh};
  auto now = ports_.now();
  const events::entity_position at = min_position ? events::entity_position{*min_position, {1}} : events::entity_position{answer->position, {}};
  co_return opened_conversation{{session, user, character, row.name, true, at, now, now}, fresh};
}

task<result<command_answer>> chat_service::close(events::user_id user, events::session_id conversation) {
  auto answer = co_await commands_.submit(
      commands_.envelope(user, address_of(user, conversation), actors::session::command{actors::session::close{}}));
  if (answer) commands_.stop_reply(conversation, user, [](const auto&) {}); // mostly there is none: nothing to tell
  co_return answer;
}

std::optional<api_error> chat_service::over_rate(events::user_id user) {
  if (auto wait = messages_.take(user.value, ports_.now())) return rate_limited_error(*wait);
  return std::nullopt;
}

task<result<command_answer>> chat_service::send(events::user_id user, events::session_id conversation, std::string content,
                                                std::optional<events::uuid> client_message) {
  if (auto over = over_rate(user)) co_return std::unexpected(std::move(*over));
  co_return co_await submit_message(user, conversation, std::move(content), client_message);
}

task<result<sent_message>> chat_service::send_to(events::user_id user, events::character_id character, std::string content,
                                                 std::optional<events::uuid> client_message) {
  if (client_message) {
    auto known = co_await send_where_known(user, character, content, *client_message);
    if (!known) co_return std::unexpected(known.error());
    if (*known) co_return **known;
  }
  auto opened = co_await open(user, character);
  if (!opened) co_return std::unexpected(opened.error());
  auto answer = co_await submit_message(user, opened->row.id, std::move(content), client_message);
  if (!answer) co_return std::unexpected(answer.error());
  co_return sent_message{opened->row.id, *answer};
}

/// Tries the newest conversations with the character. A closed one takes nothing new but answers what it has done; an id that was done in
/// one is a conflict in all others. So nothing is done twice, and nothing is opened for what was done.
task<result<std::optional<sent_message>>> chat_service::send_where_known(events::user_id user, events::character_id character,
                                                                         std::string content, events::uuid client_message) {
  projections::list_request newest;
  newest.filters.push_back({"character_id", "eq", events::to_string(character)});
  newest.sort_field = "updated_at";
  newest.descending = true;
  newest.page_size = conversations_tried;
  auto rows = co_await rows_.read(user, std::nullopt, [user, newest](auto& reads) { return reads.conversations(user, newest); });
  if (!rows) co_return std::unexpected(rows.error());
  std::optional<api_error> done_elsewhere;
  for (const auto& row : rows->items) {
    auto answer = co_await submit_message(user, row.id, content, client_message);
    if (answer) co_return sent_message{row.id, *answer};
    if (answer.error().code != "conflict") co_return std::unexpected(answer.error());
    if (answer.error().param == "conversation_id") break; // closed, and the id is new
    if (!done_elsewhere) done_elsewhere = answer.error();
  }
  if (done_elsewhere) co_return std::unexpected(std::move(*done_elsewhere));
  co_return std::nullopt;
}

task<result<command_answer>> chat_service::submit_message(events::user_id user, events::session_id conversation, std::string content,
                                                          std::optional<events::uuid> client_message) {
  actors::session::send_message command{std::move(content), client_message};
  co_return co_await commands_.submit(commands_.envelope(user, address_of(user, conversation),
                                                         actors::session::command{std::move(command)},
                                                         command_id_of(user, client_message)));
}

task<result<command_answer>> chat_service::forget(events::user_id user, events::memory_id memory) {
  auto row = co_await rows_.read(user, std::nullopt, [user, memory](auto& reads) { return reads.memory(user, memory); });
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::unexpected(rows_.not_there(user, not_found_error("There is no such memory.")));
  actors::bond::forget_memory command{memory, std::nullopt};
  if ((*row)->kind == "episode" && !(*row)->sources.empty()) command.episode = (*row)->sources.front().message;
  co_return co_await commands_.submit(
      commands_.envelope(user, address_of(user, (*row)->character), actors::bond::command{std::move(command)}));
}

} // namespace reverie::gateway
