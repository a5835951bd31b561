#include "events/model/failure.hpp"

namespace reverie::events {

std::string_view name_of(failure_code code) {
  switch (code) {
  case failure_code::unavailable: return "unavailable";
  case failure_code::timed_out: return "timed_out";
  case failure_code::outcome_unknown: return "outcome_unknown";
  case failure_code::fenced: return "fenced";
  case failure_code::corrupted: return "corrupted";
  case failure_code::no_space: return "no_space";
  case failure_code::too_large: return "too_large";
  case failure_code::malformed: return "malformed";
  case failure_code::not_found: return "not_found";
  case failure_code::already_exists: return "already_exists";
  case failure_code::unknown_version: return "unknown_version";
  case failure_code::key_destroyed: return "key_destroyed";
  case failure_code::key_unavailable: return "key_unavailable";
  case failure_code::locked: return "locked";
  case failure_code::overloaded: return "overloaded";
  case failure_code::cancelled: return "cancelled";
  case failure_code::stopping: return "stopping";
  }
  return "unknown";
}

} // namespace reverie::events
