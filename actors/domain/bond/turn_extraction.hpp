#pragma once

#include "actors/domain/bond/fact_rules.hpp"

#include <string>
#include <vector>

namespace reverie::actors::bond {

/// The facts of one message of the user as something other than the rules found them.
struct turn_extraction {
  std::string extractor; ///< its name, recorded with each fact it found
  std::vector<extracted_fact> facts;

  friend bool operator==(const turn_extraction&, const turn_extraction&) = default;
};

/// Whether only one value of this holds at a time (a name, an age, where one lives, a birthday), whoever found the fact.
bool has_one_value(fact_attribute attribute, std::string_view subject);

} // namespace reverie::actors::bond
