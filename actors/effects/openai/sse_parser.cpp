#include "actors/effects/openai/sse_parser.hpp"

#include "events/model/limits.hpp"

namespace reverie::actors {

events::outcome<void> sse_parser::feed(std::string_view bytes, const std::function<void(std::string_view)>& data) {
  for (char c : bytes) {
    bool second_half_of_crlf = c == '\n' && last_was_carriage_return_;
    last_was_carriage_return_ = c == '\r';
    if (second_half_of_crlf) continue;
    if (c == '\n' || c == '\r') {
      take_line(line_, data);
      line_.clear();
      continue;
    }
    if (line_.size() + data_.size() >= events::limits::model_line_bytes)
      return events::fail(events::failure_code::too_large, "the model sent a line over the limit");
    line_.push_back(c);
  }
  return {};
}

void sse_parser::take_line(std::string_view line, const std::function<void(std::string_view)>& data) {
  if (line.empty()) {
    if (has_data_) data(data_);
    data_.clear();
    has_data_ = false;
    return;
  }
  auto colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (has_data_) data_.push_back('\n');
  data_.append(value);
  has_data_ = true;
}

} // namespace reverie::actors
