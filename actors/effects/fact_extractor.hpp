#pragma once

#include "actors/domain/bond/turn_extraction.hpp"
#include "actors/effects/chat_model.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace reverie::actors {

/// One message of a person, to be looked at for facts.
struct extraction_request {
  std::string said;                   ///< what the person wrote; recalled text is cut out before
  events::timestamp said_at{};
  std::vector<prompt_message> before; ///< the turns before it, oldest first: only to tell who "she" is
};

/// Called once, on a thread of the extractor.
using extraction_callback = std::function<void(events::outcome<bond::turn_extraction>)>;

/// Port of the extraction effect: what finds the facts in a message where the rules (actors/domain/bond/fact_rules.hpp), the default,
/// are not to. Thread-safe.
class fact_extractor {
public:
  virtual ~fact_extractor() = default;

  /// Recorded with each fact.
  virtual std::string name() const = 0;

  /// Looks at one message. Failures: as of a chat model (`unavailable`, `timed_out`, `locked`, `cancelled`), and `malformed` for an
  /// answer that is not exactly what was asked for. Dropping the call cancels it.
  virtual std::shared_ptr<chat_call> extract(extraction_request request, extraction_callback done) = 0;
};

} // namespace reverie::actors
