#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace reverie::model_server {

/// A running reverie-model-server with the real models, on a free port; ended with this object.
class server_process {
public:
  /// Whether the executable and the models are there; a machine without the registries has neither.
  static bool can_run();

  explicit server_process(std::vector<std::string> more_flags = {});
  ~server_process();
  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;

  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  /// Sends SIGTERM and waits; the exit code, or -signal.
  int stop();

private:
  pid_t pid_ = -1;
  int port_ = 0;
};

} // namespace reverie::model_server
