#pragma once

#include "events/model/failure.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace reverie::actors {

/// Cuts a stream of server-sent events (WHATWG HTML, section 9.2) into the data of each event. Pure. Comments and fields other than
/// `data` are passed over; a line over limits::model_line_bytes is `too_large`.
class sse_parser {
public:
  /// Takes the next bytes, however they were cut, and calls `data` for each event that became whole.
  events::outcome<void> feed(std::string_view bytes, const std::function<void(std::string_view)>& data);

private:
  void take_line(std::string_view line, const std::function<void(std::string_view)>& data);

  std::string line_;
  std::string data_;
  bool has_data_ = false;
  bool last_was_carriage_return_ = false;
};

} // namespace reverie::actors
