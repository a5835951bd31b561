#include "actors/effects/prompt/token_estimate.hpp"

#include "actors/domain/text_rules.hpp"

#include <algorithm>

namespace reverie::actors::prompt {

std::size_t estimate_tokens(std::string_view text) {
  std::size_t ascii = 0, others = 0, words = 0;
  bool in_word = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) ++ascii;
    else if ((byte & 0xC0U) != 0x80U) ++others;
    const bool blank = byte <= ' ';
    if (!blank && !in_word) ++words;
    in_word = !blank;
  }
  return std::max((ascii + 3) / 4 + others, words);
}

std::string_view cut_to_tokens(std::string_view text, std::size_t tokens_max) {
  // The estimate grows with the text, so the longest start that fits is found by halving.
  std::size_t fits = 0, too_long = text.size() + 1;
  while (too_long - fits > 1) {
    const auto middle = fits + (too_long - fits) / 2;
    (estimate_tokens(text.substr(0, middle)) <= tokens_max ? fits : too_long) = middle;
  }
  return cut_at_character(text, fits);
}

} // namespace reverie::actors::prompt
