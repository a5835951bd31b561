#pragma once

#include "events/model/failure.hpp"

#include <simdjson.h>
#include <string_view>

namespace reverie::events {

/// A parsed JSON document. Takes one of this thread's parsers and gives it back at the end, so that parsing inside a parse (a sealed
/// field of a value) is safe and nothing is allocated in the long run. Stays on its thread.
class json_parser {
public:
  json_parser();
  ~json_parser();
  json_parser(const json_parser&) = delete;
  json_parser& operator=(const json_parser&) = delete;

  /// The root; valid until the next call or the end of this object. `malformed` with the parser's reason, never the text.
  outcome<simdjson::dom::element> parse(std::string_view json);

private:
  simdjson::dom::parser* parser_;
};

} // namespace reverie::events
