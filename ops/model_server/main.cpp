#include "ops/model_server/http_service.hpp"
#include "ops/model_server/limits.hpp"
#include "ops/model_server/options.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <print>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace reverie::model_server;

enum exit_code { done = 0, wrong_usage = 2, port_taken = 3, failed = 5 };

/// SIGTERM and SIGINT are taken by one thread; all others inherit that they are blocked.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// Sends this process SIGTERM when the process `parent` has ended. Not PR_SET_PDEATHSIG: that fires already when the parent's
/// thread ends that started us.
void die_with(pid_t parent) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, parent, 0));
  std::thread([handle, parent] {
    pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
    while (handle >= 0 && getppid() == parent && poll(&ended, 1, -1) <= 0) {
    }
    kill(getpid(), SIGTERM);
  }).detach();
}

bool load(const options& chosen, models& loaded) {
  const auto complain = [](const std::string& message) {
    std::println(stderr, "reverie-model-server: {}", message);
    return false;
  };
  if (!chosen.chat_model.empty()) {
    auto chat = chat_model::load(chosen.chat_model, chosen.threads, chosen.context);
    if (!chat) return complain(chat.error());
    loaded.chat = std::move(*chat);
  }
  if (!chosen.embedding_model.empty()) {
    auto embedding = embedding_model::load(chosen.embedding_model, chosen.threads);
    if (!embedding) return complain(embedding.error());
    loaded.embedding = std::move(*embedding);
  }
  return true;
}

} // namespace

int main(int argc, char** argv) {
  const pid_t parent = getppid();
  const auto chosen = parse_options(argc, argv);
  if (!chosen) {
    const bool help = chosen.error().message.empty();
    if (!help) std::println(stderr, "reverie-model-server: {}", chosen.error().message);
    std::print(help ? stdout : stderr, "{}", help_text());
    return help ? done : wrong_usage;
  }
  const sigset_t stop_signals = block_stop_signals();
  if (chosen->die_with_parent) die_with(parent);
  start_llama(chosen->library_dir);
  models loaded;
  if (!load(*chosen, loaded)) return failed;

  http_service service(loaded);
  const auto port = service.bind(chosen->port);
  if (!port) {
    std::println(stderr, "reverie-model-server: port {} of 127.0.0.1 is taken", chosen->port);
    return port_taken;
  }
  std::println("listening 127.0.0.1:{}", *port);
  std::fflush(stdout);
  std::thread stopper([&] {
    int signal = 0;
    sigwait(&stop_signals, &signal);
    // A client that does not read can hold up an orderly end: then it ends without.
    std::thread([] {
      std::this_thread::sleep_for(limits::stop_ms);
      std::_Exit(done);
    }).detach();
    service.stop();
  });
  service.run();
  stopper.join();
  return done;
}
