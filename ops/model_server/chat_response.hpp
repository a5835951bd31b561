#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reverie::model_server {

/// Tokens of one reply.
struct token_usage {
  std::size_t prompt = 0;
  std::size_t cached = 0; ///< of the prompt, those that were evaluated by an earlier request
  std::size_t completion = 0;
};

/// Words the answers to one chat request: the chunks of a stream, or the whole. Pure; the JSON is valid for any text.
class chat_response {
public:
  chat_response(std::string id, std::string model, std::int64_t created_unix_s, bool usage_in_stream);

  /// The first chunk of a stream: whose turn it is.
  std::string first_chunk() const;
  std::string text_chunk(std::string_view text) const;
  /// `finish_reason`: stop or length.
  std::string last_chunk(std::string_view finish_reason) const;
  /// The chunk after the last one, when usage was asked for.
  std::string usage_chunk(const token_usage& usage) const;
  /// The answer of a request without `stream`.
  std::string whole(std::string_view text, std::string_view finish_reason, const token_usage& usage) const;

private:
  std::string id_;
  std::string model_;
  std::int64_t created_unix_s_;
  bool usage_in_stream_;
};

/// One server-sent event.
std::string as_event(std::string_view data);

} // namespace reverie::model_server
