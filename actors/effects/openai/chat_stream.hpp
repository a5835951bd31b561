#pragma once

#include "actors/effects/chat_model.hpp"
#include "actors/effects/openai/http_client.hpp"
#include "actors/effects/openai/sse_parser.hpp"

namespace reverie::actors {

/// Follows one answer of a chat endpoint from its head to its end and tells the listener. Pure of I/O: fed by the HTTP client, on one
/// thread.
class chat_stream {
public:
  explicit chat_stream(chat_listener listener, std::string model) : listener_(std::move(listener)) { result_.model = std::move(model); }

  void head(const http_head& head) { head_ = head; }
  /// False when nothing more is wanted (the reply is over its limit).
  bool data(std::string_view bytes);
  void end(events::outcome<void> how);

private:
  void take(std::string_view data);
  void take_chunk(std::string_view json);
  events::failure refused() const;

  chat_listener listener_;
  http_head head_;
  sse_parser parser_;
  chat_result result_;
  std::string error_body_;
  std::optional<events::failure> problem_;
  bool heard_ = false; ///< any event of a stream
  bool finished_ = false; ///< [DONE] or a finish reason was seen
};

} // namespace reverie::actors
