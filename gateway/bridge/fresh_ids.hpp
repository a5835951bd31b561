#pragma once

#include "events/model/ids.hpp"

#include <string>
#include <string_view>

namespace reverie::gateway {

/// A version 7 UUID of now, from the system's random source.
events::uuid fresh_uuid(events::timestamp now);

/// 32 random bytes as base64 for URLs, behind a prefix that tells what it is.
std::string fresh_secret(std::string_view prefix);

/// BLAKE2b-256 as hex: how secrets are stored and looked up.
std::string digest_hex(std::string_view secret);

} // namespace reverie::gateway
