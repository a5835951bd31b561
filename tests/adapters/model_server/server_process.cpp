#include "tests/adapters/model_server/server_process.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace reverie::model_server {

namespace {

std::filesystem::path models_dir() {
  const char* chosen = std::getenv("REVERIE_MODELS_DIR");
  return chosen != nullptr ? std::filesystem::path(chosen) : std::filesystem::path(REVERIE_SOURCE_DIR) / ".reverie/models";
}

std::filesystem::path executable() { return std::filesystem::canonical("/proc/self/exe").parent_path() / "reverie-model-server"; }

} // namespace

bool server_process::can_run() {
  return std::filesystem::exists(executable()) && std::filesystem::exists(models_dir() / "complete");
}

server_process::server_process(std::vector<std::string> more_flags) {
  std::vector<std::string> arguments{executable(),
                                     "--port",
                                     "0",
                                     "--library-dir",
                                     models_dir() / "lib",
                                     "--chat-model",
                                     models_dir() / "SmolLM2-135M-Instruct.Q4_1.gguf",
                                     "--embedding-model",
                                     models_dir() / "all-MiniLM-L6-v2.Q8_0.gguf"};
  arguments.insert(arguments.end(), more_flags.begin(), more_flags.end());
  std::vector<char*> raw;
  for (std::string& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  pid_ = fork();
  if (pid_ == 0) {
    if (more_flags.empty()) prctl(PR_SET_PDEATHSIG, SIGKILL); // a flag may be the very thing that is tried
    dup2(ends[1], 1);
    execv(raw[0], raw.data());
    _exit(127);
  }
  close(ends[1]);
  FILE* output = fdopen(ends[0], "r");
  char line[256];
  while (port_ == 0 && std::fgets(line, sizeof line, output) != nullptr) std::sscanf(line, "listening 127.0.0.1:%d", &port_);
  std::fclose(output);
  if (port_ == 0) throw std::runtime_error("the model server did not come up");
}

int server_process::stop() {
  if (pid_ <= 0) return 0;
  int status = 0;
  kill(pid_, SIGTERM);
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

server_process::~server_process() { stop(); }

} // namespace reverie::model_server
