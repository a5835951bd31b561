#pragma once

#include <cstddef>
#include <string_view>

namespace reverie::actors::prompt {

/// Tokens a text will take, guessed without a tokenizer: four ASCII bytes or one other character each, and no fewer than it has words.
std::size_t estimate_tokens(std::string_view text);

/// The longest start of `text` of at most `tokens_max` estimated tokens that ends at a character.
std::string_view cut_to_tokens(std::string_view text, std::size_t tokens_max);

} // namespace reverie::actors::prompt
