#include "actors/domain/session/content_hash.hpp"

#include <xxhash.h>

namespace reverie::actors::session {

std::uint64_t content_hash(std::string_view content) { return XXH3_64bits(content.data(), content.size()); }

} // namespace reverie::actors::session
