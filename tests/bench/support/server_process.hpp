#pragma once

#include "tests/bench/support/process_memory.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace reverie::bench {

/// The real `reverie serve` as a child, on a data folder and a database of its own; ends with this object.
class server_process {
public:
  /// The binary of this build, or the one the variable REVERIE_BINARY names. `flags` are added to `serve --port 0`; throws with the server's last words when it does not come up.
  explicit server_process(const std::vector<std::string>& flags) : server_process(flags, {}) {}
  /// `prepare` gets the data folder and the database, with its tables, before the server starts.
  using preparation = std::function<void(const std::filesystem::path& data, const std::string& database)>;
  server_process(const std::vector<std::string>& flags, const preparation& prepare);
  ~server_process();
  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;

  std::uint16_t port() const { return port_; }
  /// Starts `reverie <words>` on the same data beside the server; and waits for its exit code.
  int begin(const std::vector<std::string>& words) const { return run(words, -1); }
  static int finish(int command);
  static bool runs(int command);

  std::size_t resident() const { return resident_bytes(process_); }
  /// CPU time of all its threads so far, in microseconds.
  double cpu_us() const;

private:
  int run(std::vector<std::string> words, int output) const;
  std::uint16_t read_port(int output);

  std::string database_; ///< its name
  tests::temporary_folder data_;
  int process_ = -1;
  std::uint16_t port_ = 0;
};

/// Raises this process's limit of open files (and so its children's) as far as it goes.
void raise_open_files();

} // namespace reverie::bench
