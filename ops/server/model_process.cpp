#include "ops/server/model_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <utility>

namespace reverie::ops {

using events::fail;
using events::failure_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds pause_first{500};
constexpr milliseconds pause_longest{30'000};
constexpr milliseconds long_enough_to_trust{60'000};
constexpr milliseconds polite_stop{3'000};
constexpr std::string_view listening_mark = "listening 127.0.0.1:";

/// Reads what is there within the time; empty at the end of the stream or when nothing came.
std::string read_some(int descriptor, milliseconds wait, bool& ended) {
  pollfd watched{descriptor, POLLIN, 0};
  if (::poll(&watched, 1, static_cast<int>(wait.count())) <= 0) return {};
  std::string bytes(4096, '\0');
  auto count = ::read(descriptor, bytes.data(), bytes.size());
  ended = count <= 0;
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

} // namespace

events::outcome<std::unique_ptr<model_process>> model_process::start(options how) {
  std::unique_ptr<model_process> process(new model_process(std::move(how)));
  auto started = process->started_.get_future();
  process->watcher_ = std::thread([raw = process.get()] { raw->watch(); });
  if (auto result = started.get(); !result) return std::unexpected(result.error());
  return process;
}

model_process::~model_process() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (child_ > 0) ::kill(child_, SIGTERM);
  }
  stopping_changed_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

void model_process::watch() {
  auto first = launch();
  bool usable = first.has_value();
  started_.set_value(std::move(first));
  milliseconds wait = pause_first;
  while (usable) {
    auto since = steady_clock::now();
    pass_on_output();
    end_child();
    if (steady_clock::now() - since > long_enough_to_trust) wait = pause_first;
    how_.log("the local model server ended; starting it again in " + std::to_string(wait.count()) + " ms");
    do {
      if (!pause(wait)) return;
      wait = std::min(wait * 2, pause_longest);
    } while (!launch());
  }
  end_child();
}

events::outcome<void> model_process::launch() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(failure_code::unavailable, "can't make a pipe for the model server");
  auto arguments = how_.arguments;
  arguments.insert(arguments.begin(), how_.executable);
  arguments.insert(arguments.end(), {"--port", std::to_string(port_)});
  std::vector<char*> raw;
  for (auto& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  auto parent = ::getpid();
  auto child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::setpgid(0, 0); // an interrupt at the terminal stops the server first, which then ends its child
    ::dup2(ends[1], 1);
    ::dup2(ends[1], 2);
    ::execv(raw.front(), raw.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return fail(failure_code::unavailable, "can't start the model server");
  }
  output_ = ends[0];
  {
    std::lock_guard lock(mutex_);
    child_ = child;
    if (stopping_) ::kill(child_, SIGTERM);
  }
  auto port = read_port(output_);
  if (!port) {
    end_child();
    return std::unexpected(port.error());
  }
  port_ = *port;
  return {};
}

events::outcome<std::uint16_t> model_process::read_port(int output) {
  auto until = steady_clock::now() + how_.start_timeout_ms;
  std::string said;
  bool ended = false;
  while (!ended && steady_clock::now() < until) {
    said += read_some(output, milliseconds(100), ended);
    auto at = said.find(listening_mark);
    if (at == std::string::npos || said.find('\n', at) == std::string::npos) continue;
    std::uint16_t port = 0;
    std::from_chars(said.data() + at + listening_mark.size(), said.data() + said.size(), port);
    if (port == 0) continue;
    unread_ = said.substr(said.find('\n', at) + 1);
    return port;
  }
  auto last = said.substr(said.size() - std::min<std::size_t>(said.size(), 300));
  return fail(failure_code::unavailable, "the local model server did not come up: " + last);
}

void model_process::pass_on_output() {
  auto line = std::exchange(unread_, {});
  for (bool ended = false; !ended; line += read_some(output_, milliseconds(1000), ended)) {
    for (auto at = line.find('\n'); at != std::string::npos; at = line.find('\n')) {
      how_.log(std::string_view(line).substr(0, at));
      line.erase(0, at + 1);
    }
  }
  if (!line.empty()) how_.log(line);
}

bool model_process::pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopping_changed_.wait_for(lock, time, [this] { return stopping_; });
}

void model_process::end_child() {
  int child;
  {
    std::lock_guard lock(mutex_);
    child = child_;
  }
  if (child > 0) {
    ::kill(child, SIGTERM);
    auto until = steady_clock::now() + polite_stop;
    while (::waitpid(child, nullptr, WNOHANG) == 0) {
      if (steady_clock::now() > until) ::kill(child, SIGKILL);
      ::poll(nullptr, 0, 10);
    }
    std::lock_guard lock(mutex_);
    child_ = -1;
  }
  if (output_ >= 0) ::close(output_);
  output_ = -1;
}

} // namespace reverie::ops
