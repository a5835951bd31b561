#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reverie::model_server {

/// Turns the bytes of tokens into pieces that can be sent: whole UTF-8 characters, nothing of a stop text. What may still become
/// either is held back. Bytes that are not UTF-8 become U+FFFD. Not thread-safe.
class text_stream {
public:
  explicit text_stream(std::vector<std::string> stop_texts);

  /// Takes the bytes of the next token and gives back what is certain by now; empty after a stop text.
  std::string push(std::string_view bytes);
  /// Gives back what was held back, when no more bytes come.
  std::string finish();
  /// A stop text was met: nothing more comes out.
  bool stopped() const { return stopped_; }

private:
  std::size_t held_for_stop_texts() const;

  std::vector<std::string> stop_texts_;
  std::string pending_;
  bool stopped_ = false;
};

/// Number of bytes at the end of `text` that begin a UTF-8 character without ending it.
std::size_t unfinished_character_bytes(std::string_view text);

/// `text` with U+FFFD for each byte that is not part of a UTF-8 character.
std::string as_utf8(std::string_view text);

} // namespace reverie::model_server
