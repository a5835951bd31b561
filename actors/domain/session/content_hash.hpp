#pragma once

#include <cstdint>
#include <string_view>

namespace reverie::actors::session {

/// XXH3-64 of a message's text: tells whether a client's id came again with other content. Stored inside the sealed state only.
std::uint64_t content_hash(std::string_view content);

} // namespace reverie::actors::session
