#include "ops/cli/exit_codes.hpp"

#include <cstdio>

namespace reverie::ops {

exit_code exit_code_of(const events::failure& why) {
  using events::failure_code;
  switch (why.code) {
  case failure_code::unavailable:
  case failure_code::timed_out:
  case failure_code::key_unavailable: return exit_code::service_missing;
  case failure_code::locked:
  case failure_code::unknown_version:
  case failure_code::fenced:
  case failure_code::already_exists:
  case failure_code::not_found: // rightly asked, but the state has no such thing
  case failure_code::no_space: return exit_code::refused;
  case failure_code::malformed: return exit_code::wrong_usage;
  default: return exit_code::failed;
  }
}

exit_code report(const events::failure& why) {
  std::fprintf(stderr, "reverie: %s\n", why.message.c_str());
  return exit_code_of(why);
}

} // namespace reverie::ops
