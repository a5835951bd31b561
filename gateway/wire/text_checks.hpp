#pragma once

#include "gateway/wire/api_error.hpp"

#include <cstddef>
#include <string_view>

namespace reverie::gateway {

/// Strict UTF-8 (RFC 3629): no overlong forms, surrogates, or anything above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// Text as wire.md section 1 takes it: UTF-8, no U+0000, at most `bytes_max`; `param` names the field in the error.
result<void> check_text(std::string_view text, std::size_t bytes_max, std::string_view param);

/// Whether there is nothing to see: empty, or white space (also of Unicode) and characters without width alone. For UTF-8.
bool is_blank(std::string_view text) noexcept;

/// Whether a text looks like an e-mail address (one `@`, a dot in the domain, no spaces or controls, at most 254 bytes).
bool is_email(std::string_view text) noexcept;

/// Whether a caller's request id may be used: `[A-Za-z0-9._-]{1,64}`.
bool is_request_id(std::string_view text) noexcept;

/// The longest prefix of at most `bytes_max` bytes that does not cut a character.
std::string_view cut_at_character(std::string_view text, std::size_t bytes_max) noexcept;

} // namespace reverie::gateway
