#include "ops/cli/serve_command.hpp"

#include "ops/server/logging.hpp"
#include "ops/server/server.hpp"

#include <signal.h>

#include <cstdio>

namespace reverie::ops {

exit_code run_serve(const settings& given) {
  if (!start_logging(given.text("log-level"), given.text("log-format")))
    return report({events::failure_code::malformed, "log-level must be trace, debug, info, warn or error, and log-format json, text or auto"});
  // Blocked before any thread is made, so that every thread inherits it and the wait below is the one that sees them.
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  auto started = server::start(given);
  if (!started) return report(started.error());
  std::printf("serving: %s\n", (*started)->url().c_str());
  std::fflush(stdout);
  int received = 0;
  ::sigwait(&signals, &received);
  log("info", "stopping", {{"signal", received == SIGINT ? "SIGINT" : "SIGTERM"}});
  (*started)->stop();
  log("info", "stopped");
  return exit_code::done;
}

} // namespace reverie::ops
