#include "gateway/wire/api_error.hpp"

#include "events/codec/json_text.hpp"
#include "events/model/limits.hpp"

namespace reverie::gateway {

using events::failure_code;
using events::rejection_code;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds default_retry_after = events::limits::overloaded_retry_after_ms;

struct status_and_code {
  int status;
  const char* code;
  bool retry_helps = false;
  bool retry_is_useless = false;
};

status_and_code mapped(rejection_code code) {
  switch (code) {
  case rejection_code::validation_error: return {400, "validation_error"};
  case rejection_code::permission_denied: return {403, "permission_denied"};
  case rejection_code::not_found: return {404, "not_found"};
  case rejection_code::conflict: return {409, "conflict", false, true};
  case rejection_code::duplicate_in_progress: return {409, "duplicate_in_progress", true};
  case rejection_code::command_expired: return {409, "command_expired", false, true};
  case rejection_code::too_large: return {413, "too_large"};
  case rejection_code::unprocessable: return {422, "unprocessable"};
  case rejection_code::rate_limited: return {429, "rate_limited", true};
  case rejection_code::overloaded: return {503, "overloaded", true};
  case rejection_code::unavailable: return {503, "unavailable", true};
  }
  return {500, "internal_error"};
}

api_error retryable(int status, const char* code, std::string message, milliseconds wait) {
  api_error error{status, code, std::move(message)};
  error.retry_after = wait;
  return error;
}

} // namespace

api_error error_of(const events::rejection& refused) {
  auto [status, code, retry_helps, useless] = mapped(refused.code);
  api_error error{status, code, refused.message, refused.param};
  error.retry_is_useless = useless;
  if (retry_helps) {
    error.retry_after = refused.retry_after_ms ? milliseconds{*refused.retry_after_ms} : default_retry_after;
  }
  return error;
}

api_error error_of(const events::failure& failed) {
  auto wait = failed.retry_after.value_or(default_retry_after);
  switch (failed.code) {
  case failure_code::overloaded:
    return retryable(503, "overloaded", "The server is busy. Please try again in a moment.", wait);
  case failure_code::unavailable:
  case failure_code::timed_out:
  case failure_code::outcome_unknown:
  case failure_code::fenced:
  case failure_code::no_space:
  case failure_code::key_unavailable:
  case failure_code::stopping:
    return retryable(503, "unavailable", "The service is not available right now. Please try again in a moment.", wait);
  case failure_code::too_large: return {413, "too_large", "This is too large."};
  case failure_code::malformed: return validation_error("This could not be read.", "");
  case failure_code::not_found:
  case failure_code::key_destroyed: return not_found_error("There is no such thing.");
  case failure_code::already_exists: {
    api_error error{409, "conflict", "This exists already."};
    error.retry_is_useless = true;
    return error;
  }
  case failure_code::corrupted:
  case failure_code::unknown_version:
  case failure_code::locked:
  case failure_code::cancelled: break;
  }
  return internal_error();
}

api_error validation_error(std::string message, std::string param) {
  return {400, "validation_error", std::move(message), std::move(param)};
}

api_error not_found_error(std::string message) { return {404, "not_found", std::move(message)}; }

api_error authentication_error(std::string code, std::string message) {
  return {401, std::move(code), std::move(message)};
}

api_error permission_error(std::string message) { return {403, "permission_denied", std::move(message)}; }

api_error rate_limited_error(milliseconds retry_after) {
  return retryable(429, "rate_limited", "Too many messages. Please wait a moment.", retry_after);
}

api_error overloaded_error() {
  return retryable(503, "overloaded", "The server is busy. Please try again in a moment.", default_retry_after);
}

api_error unavailable_error(std::string message) {
  return retryable(503, "unavailable", std::move(message), default_retry_after);
}

api_error internal_error() { return {500, "internal_error", "Something went wrong on our side."}; }

std::string_view error_type_of(int status) {
  switch (status) {
  case 401: return "authentication_error";
  case 403: return "permission_error";
  case 404: return "not_found_error";
  case 409: return "conflict_error";
  case 429: return "rate_limit_error";
  case 503: return "unavailable_error";
  default: return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

std::int64_t retry_after_seconds(milliseconds wait) { return wait.count() <= 1000 ? 1 : (wait.count() + 999) / 1000; }

void append_error_fields(std::string& out, const api_error& error, std::string_view request_id) {
  out += R"("type":")";
  out += error_type_of(error.status);
  out += R"(","code":)";
  events::append_json_string(out, error.code);
  out += R"(,"message":)";
  events::append_json_string(out, error.message);
  out += R"(,"param":)";
  if (error.param.empty()) out += "null";
  else events::append_json_string(out, error.param);
  out += R"(,"details":)";
  out += error.details_json.empty() ? "null" : error.details_json;
  out += R"(,"request_id":)";
  events::append_json_string(out, request_id);
}

std::string error_body(const api_error& error, std::string_view request_id) {
  std::string body = R"({"error":{)";
  append_error_fields(body, error, request_id);
  body += "}}";
  return body;
}

} // namespace reverie::gateway
