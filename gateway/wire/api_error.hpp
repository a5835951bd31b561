#pragma once

#include "events/model/failure.hpp"
#include "events/model/rejection.hpp"

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace reverie::gateway {

/// An error as clients see it (wire.md section 1): status and code, a sentence for the user, never a text from inside.
struct api_error {
  int status = 500;
  std::string code = "internal_error";
  std::string message;
  std::string param = {};        ///< the field that is to blame, or empty
  std::string details_json = {}; ///< a JSON object, or empty
  std::optional<std::chrono::milliseconds> retry_after = {};
  bool retry_is_useless = false; ///< sent as `x-should-retry: false`

  friend bool operator==(const api_error&, const api_error&) = default;
};

/// What parses or asks in the gateway: a value or an error for the client.
template <class T>
using result = std::expected<T, api_error>;

/// The map from what a decision refused to status and code.
api_error error_of(const events::rejection& refused);
/// The map from what an adapter could not do; its message stays inside.
api_error error_of(const events::failure& failed);

api_error validation_error(std::string message, std::string param);
api_error not_found_error(std::string message);
api_error authentication_error(std::string code, std::string message);
api_error permission_error(std::string message);
api_error rate_limited_error(std::chrono::milliseconds retry_after);
api_error overloaded_error();
api_error unavailable_error(std::string message);
api_error internal_error();

/// `type` of the error object: the family of a status.
std::string_view error_type_of(int status);
/// Whole seconds for `Retry-After`, rounded up, at least 1.
std::int64_t retry_after_seconds(std::chrono::milliseconds wait);
/// `{"error":{…}}`.
std::string error_body(const api_error& error, std::string_view request_id);
/// The fields of the error object without braces, for bodies and frames alike.
void append_error_fields(std::string& out, const api_error& error, std::string_view request_id);

} // namespace reverie::gateway
