#pragma once

#include "events/log/record.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How a record lies in Kafka: the key is the slice key, the value the JSON array of events, and each header a readable text, so that
/// `kcat -f '%k [%h] %s'` shows all of it.
///
///     format=1 epoch=3 writer=<uuid> entity=session/<uuid> first_sequence=17 types=session.message_sent/1 session.reply_requested/1
///     command=<uuid> command_digest=<hex> correlation=<uuid> cause=user/<uuid>#4 at=2026-11-21T04:18:00.000Z previous_hash=<hex> hash=<hex>
///
/// `cause` is there only when the record has one. Headers that nobody here knows are passed over.
namespace reverie::events::kafka_record {

using header = std::pair<std::string_view, std::string>;
using header_view = std::pair<std::string_view, std::string_view>;

std::string key_of(const record& content);
std::vector<header> headers_of(const record& content);

/// The record of a message. `malformed` names the header that is missing or wrong, `unknown_version` says that a newer build wrote it.
outcome<record> record_of(std::string_view key, std::span<const header_view> headers, std::string_view value);

} // namespace reverie::events::kafka_record
