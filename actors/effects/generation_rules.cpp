#include "actors/effects/generation_rules.hpp"

#include <algorithm>

namespace reverie::actors {

using events::failure_code;

bool worth_another_try(const events::failure& why, std::uint32_t tries, bool streamed) {
  if (streamed || tries >= generation_retries_max) return false;
  return why.code == failure_code::unavailable || why.code == failure_code::malformed || why.code == failure_code::timed_out || why.code == failure_code::overloaded ||
         why.code == failure_code::key_unavailable;
}

std::chrono::milliseconds wait_before_try(std::uint32_t tries, double jitter,
                                          const std::optional<std::chrono::milliseconds>& asked_for) {
  using std::chrono::milliseconds;
  constexpr milliseconds first{500}, longest{10'000};
  const auto doubled = first * (1L << std::min<std::uint32_t>(tries, 5));
  const auto wait = milliseconds{static_cast<long>(static_cast<double>(doubled.count()) * (0.5 + jitter / 2))};
  return std::min(longest, std::max(wait, asked_for.value_or(milliseconds{0})));
}

session::fail_reply failed_reply(events::message_id reply, std::uint32_t attempt, const events::failure& why) {
  session::fail_reply told{reply, attempt, "internal_error", "Something went wrong while this reply was being made.", true};
  switch (why.code) {
  case failure_code::unavailable:
  case failure_code::overloaded:
    told.code = "model_unavailable";
    told.message = "The language model can't be reached right now.";
    break;
  case failure_code::timed_out:
    told.code = "model_timed_out";
    told.message = "The language model took too long.";
    break;
  case failure_code::malformed:
    told.code = "model_answer_unusable";
    told.message = "The language model gave no answer that can be used.";
    break;
  case failure_code::locked:
  case failure_code::too_large:
    told.code = "model_refused";
    told.message = "The language model did not take this request.";
    break;
  default: break;
  }
  return told;
}

std::string cut_text(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

events::command_id completion_of(events::message_id reply, std::uint32_t attempt) {
  return {events::derive_uuid("complete", reply.value, {}, attempt)};
}
events::command_id failure_of(events::message_id reply, std::uint32_t attempt) {
  return {events::derive_uuid("fail", reply.value, {}, attempt)};
}

} // namespace reverie::actors
