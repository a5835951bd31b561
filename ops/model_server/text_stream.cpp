#include "ops/model_server/text_stream.hpp"

#include <algorithm>

namespace reverie::model_server {

namespace {

/// Bytes of the character that starts with `lead`; 0 for a byte that starts none.
std::size_t character_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool continues(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

/// The second byte also rules out overlong forms, surrogates and what lies above U+10FFFF.
bool second_byte_fits(unsigned char lead, unsigned char second) {
  switch (lead) {
  case 0xE0: return second >= 0xA0 && second <= 0xBF;
  case 0xED: return second >= 0x80 && second <= 0x9F;
  case 0xF0: return second >= 0x90 && second <= 0xBF;
  case 0xF4: return second >= 0x80 && second <= 0x8F;
  default: return continues(second);
  }
}

/// Length of the valid part of one character at the start of `text`: all of it, or how far it is right.
std::size_t right_bytes(std::string_view text, std::size_t wanted) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t right = 1;
  while (right < wanted && right < text.size() &&
         (right == 1 ? second_byte_fits(at(0), at(1)) : continues(at(right)))) {
    ++right;
  }
  return right;
}

} // namespace

std::size_t unfinished_character_bytes(std::string_view text) {
  const std::size_t longest = std::min<std::size_t>(3, text.size());
  for (std::size_t back = 1; back <= longest; ++back) {
    const std::string_view tail = text.substr(text.size() - back);
    const std::size_t wanted = character_bytes(static_cast<unsigned char>(tail[0]));
    if (wanted > back && right_bytes(tail, wanted) == back) return back;
    if (wanted != 0) return 0;
  }
  return 0;
}

std::string as_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t wanted = character_bytes(static_cast<unsigned char>(text[i]));
    if (wanted != 0 && right_bytes(text.substr(i), wanted) == wanted) {
      result.append(text, i, wanted);
      i += wanted;
    } else {
      result += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return result;
}

text_stream::text_stream(std::vector<std::string> stop_texts) : stop_texts_(std::move(stop_texts)) {
  std::erase_if(stop_texts_, [](const std::string& text) { return text.empty(); });
}

std::size_t text_stream::held_for_stop_texts() const {
  std::size_t held = 0;
  for (const std::string& stop : stop_texts_) {
    for (std::size_t length = std::min(stop.size() - 1, pending_.size()); length > held; --length) {
      if (pending_.ends_with(std::string_view(stop).substr(0, length))) held = length;
    }
  }
  return held;
}

std::string text_stream::push(std::string_view bytes) {
  if (stopped_) return {};
  pending_ += bytes;
  std::size_t end = std::string::npos;
  for (const std::string& stop : stop_texts_) end = std::min(end, pending_.find(stop));
  if (end != std::string::npos) {
    stopped_ = true;
    pending_.resize(end);
    std::string rest = as_utf8(pending_);
    pending_.clear();
    return rest;
  }
  const std::size_t held = std::max(held_for_stop_texts(), unfinished_character_bytes(pending_));
  std::size_t certain = pending_.size() - held;
  certain -= unfinished_character_bytes(std::string_view(pending_).substr(0, certain));
  std::string piece = as_utf8(std::string_view(pending_).substr(0, certain));
  pending_.erase(0, certain);
  return piece;
}

std::string text_stream::finish() {
  std::string rest = as_utf8(pending_);
  pending_.clear();
  return rest;
}

} // namespace reverie::model_server
