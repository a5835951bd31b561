#pragma once

#include <cstdint>
#include <string_view>

namespace reverie::actors::character {

/// XXH3-64 of a card's base64 text: tells whether an import brings anything new.
std::uint64_t card_hash(std::string_view card_base64);

} // namespace reverie::actors::character
