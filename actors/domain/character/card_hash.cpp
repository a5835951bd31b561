#include "actors/domain/character/card_hash.hpp"

#include <xxhash.h>

namespace reverie::actors::character {

std::uint64_t card_hash(std::string_view card_base64) { return XXH3_64bits(card_base64.data(), card_base64.size()); }

} // namespace reverie::actors::character
