#include "gateway/bridge/chat_connection.hpp"
#include "gateway/bridge/entity_addresses.hpp"
#include "gateway/wire/json_object.hpp"
#include "gateway/wire/server_frames.hpp"

#include "events/model/limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

/// How a connection catches up with a conversation.
namespace reverie::gateway {

namespace {
constexpr std::size_t history_write_bytes = 32 * 1024; ///< far below the send queue's limit, which is for slow readers
}

using history_page = events::outcome<std::vector<actors::shared_update>>;

void chat_connection::begin_subscribe(const client_frame& frame) {
  if (feed_.catching_up() >= events::limits::subscriptions_waiting) {
    refuse(overloaded_error(), frame);
    return;
  }
  if (!feed_.begin_catch_up(*frame.conversation, frame.after)) {
    refuse({409, "duplicate_in_progress", "This conversation is being subscribed to already."}, frame);
    return;
  }
  boost::asio::co_spawn(executor_, catch_up(*frame.conversation, frame.after), boost::asio::detached);
}

task<void> chat_connection::catch_up(events::session_id conversation, std::optional<events::entity_position> after) {
  auto self = shared_from_this();
  if (transport_ == nullptr) co_return;
  auto replayed = co_await replay(conversation, after);
  auto end = replayed && !after ? co_await live_end(conversation) : std::nullopt;
  if (transport_ == nullptr) co_return;
  live_feed::frames out;
  if (!replayed) {
    feed_.abandon_catch_up(conversation, out);
    if (!out.empty()) transport_->send(out);
    refuse(replayed.error(), "", conversation);
    co_return;
  }
  // `subscribed` stands between history and what is live: it comes before the pieces of a reply under way and what was held back.
  if (auto sent = feed_.sent_up_to(conversation)) end = sent;
  out.push_back(plain_item(subscribed_frame(conversation, end, *replayed)));
  feed_.end_catch_up(conversation, context_.ports.node.reply_under_way(conversation), out);
  transport_->send(out);
}

task<result<void>> chat_connection::check_own(events::session_id conversation) {
  if (membership_->hub().owns(conversation)) co_return result<void>{};
  auto own = co_await context_.chats.is_of(who_.user, conversation);
  if (!own) co_return std::unexpected(own.error());
  if (!*own) co_return std::unexpected(not_found_error("There is no such conversation."));
  if (membership_) membership_->hub().learn(conversation);
  co_return result<void>{};
}

task<result<std::uint64_t>> chat_connection::replay(events::session_id conversation, std::optional<events::entity_position> after) {
  if (auto own = co_await check_own(conversation); !own) co_return std::unexpected(own.error());
  if (!membership_) co_return std::uint64_t{0};
  if (!after) co_return std::uint64_t{0};
  const bool by_sequence = after->sequence.value > 0;
  if (!by_sequence && !is_known(after->record, co_await live_end(conversation))) co_return std::unexpected(co_await not_in_log(conversation));
  std::uint64_t replayed = 0;
  // The event that was seen last is read once more: that it is there says that the position is one of this log, or of the one it was copied from.
  std::optional next = events::entity_position{after->record, {by_sequence ? after->sequence.value - 1 : 0}};
  if (by_sequence && next->sequence.value == 0) next.reset();
  for (bool first = true; transport_ != nullptr; first = false) {
    auto page = co_await await_callback<history_page>([this, conversation, next](std::function<void(history_page)> done) {
      context_.ports.node.read_history(address_of(who_.user, conversation), next, events::limits::history_page_updates,
                                       std::move(done));
    });
    if (!page) co_return std::unexpected(error_of(page.error()));
    if (page->empty() && first && by_sequence) co_return std::unexpected(co_await not_in_log(conversation));
    if (page->empty() || transport_ == nullptr) break;
    next = events::entity_position{page->back()->position, page->back()->happened.back().context.sequence};
    replayed += co_await send_page(conversation, *page);
  }
  co_return replayed;
}

task<std::uint64_t> chat_connection::send_page(events::session_id conversation, const std::vector<actors::shared_update>& page) {
  std::uint64_t sent = 0;
  live_feed::frames out;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < page.size() && transport_ != nullptr; ++i) {
    auto batch = batch_of(*page[i]);
    for (const auto& item : batch.items) bytes += item.bytes->size();
    sent += feed_.history(conversation, batch, out);
    if (bytes < history_write_bytes && i + 1 < page.size()) continue;
    if (!out.empty()) transport_->send(out);
    out.clear();
    bytes = 0;
    co_await transport_->drained();
  }
  co_return sent;
}

bool chat_connection::is_known(const events::log_position& position, const std::optional<events::entity_position>& of_conversation) const {
  if (!of_conversation) return true;
  if (position.partition != of_conversation->record.partition) return false;
  if (position <= of_conversation->record) return true;
  // Another entity of the same person (a bond, say) may stand further on in the same partition.
  auto partitions = context_.ports.node.status();
  auto own = std::ranges::find(partitions, position.partition, &actors::partition_status::partition);
  return own == partitions.end() || position.offset < own->applied_next;
}

task<api_error> chat_connection::not_in_log(events::session_id conversation) {
  auto error = validation_error("This is no position of this conversation's log. Read its messages and follow from `last_position`.", "after");
  if (auto end = co_await live_end(conversation)) json_object(error.details_json).position("last_position", *end);
  co_return error;
}

task<std::optional<events::entity_position>> chat_connection::live_end(events::session_id conversation) {
  auto state = co_await context_.chats.last_position(who_.user, conversation);
  co_return state;
}

} // namespace reverie::gateway
