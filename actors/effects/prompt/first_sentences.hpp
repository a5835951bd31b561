#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reverie::actors::prompt {

/// The first `sentences_max` sentences of a text, without blanks after them. A sentence ends at . ! ? … or 。！？ with closing quotes or
/// brackets, followed by white space or the end; not after a short title or initial ("Mr.", "J."). Pure.
std::string first_sentences(std::string_view text, std::size_t sentences_max);

/// The same on a stream: takes the pieces of a reply and gives what may be passed on; says when the rest is not needed any more.
class sentence_limiter {
public:
  /// 0 lets everything pass.
  explicit sentence_limiter(std::size_t sentences_max) : sentences_max_(sentences_max) {}

  /// What of this piece belongs to the reply; blanks are held back until more follows. Nothing after the last sentence.
  std::string take(std::string_view piece);
  /// Whether the last sentence is over: the call can be cancelled.
  bool full() const { return full_; }
  /// All that was given out so far.
  const std::string& text() const { return given_; }

private:
  std::size_t sentences_max_;
  bool full_ = false;
  std::string seen_;
  std::string given_;
};

} // namespace reverie::actors::prompt
