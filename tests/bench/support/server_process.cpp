#include "tests/bench/support/server_process.hpp"

#include "tests/support/postgres_server.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <ctime>
#include <memory>
#include <stdexcept>

namespace reverie::bench {

namespace {

/// The private Postgres that ops/bench started.
std::string database_server() {
  const char* given = std::getenv("REVERIE_TEST_DATABASE_URL");
  if (given == nullptr) throw std::runtime_error("REVERIE_TEST_DATABASE_URL must name a Postgres; ops/bench starts one");
  return given;
}

void administer(const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> database(PQconnectdb(database_server().c_str()), &PQfinish);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQexec(database.get(), sql.c_str()), &PQclear);
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) throw std::runtime_error(PQerrorMessage(database.get()));
}

std::string binary() {
  const char* other = std::getenv("REVERIE_BINARY");
  return other != nullptr ? other : REVERIE_BINARY;
}

} // namespace

server_process::server_process(const std::vector<std::string>& flags, const preparation& prepare) {
  static int count = 0;
  database_ = "reverie_bench_" + std::to_string(::getpid()) + "_" + std::to_string(count++);
  administer("CREATE DATABASE " + database_);
  ::setenv("REVERIE_DATABASE_URL", tests::with_database(database_server(), database_).c_str(), 1);
  std::array<int, 2> output{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  int migrated = 1;
  ::waitpid(run({"migrate"}, output[1]), &migrated, 0);
  if (migrated == 0 && prepare) prepare(data_.path(), tests::with_database(database_server(), database_));
  std::vector<std::string> words{"serve", "--port", "0", "--log-level", "error"};
  words.insert(words.end(), flags.begin(), flags.end());
  if (migrated == 0) process_ = run(std::move(words), output[1]);
  ::close(output[1]);
  port_ = read_port(output[0]);
  ::close(output[0]);
  if (port_ == 0) throw std::runtime_error("the server did not start");
}

int server_process::run(std::vector<std::string> words, int output) const {
  words.insert(words.begin(), binary());
  words.insert(words.end(), {"--data", data_.path().string()});
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (output < 0) output = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(output, STDOUT_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int server_process::finish(int command) {
  int status = 0;
  ::waitpid(command, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool server_process::runs(int command) {
  siginfo_t found{};
  return ::waitid(P_PID, static_cast<id_t>(command), &found, WEXITED | WNOHANG | WNOWAIT) == 0 && found.si_pid == 0;
}

std::uint16_t server_process::read_port(int output) {
  std::string text;
  std::array<char, 256> piece{};
  for (ssize_t size; (size = ::read(output, piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(size));
    const auto line = text.find("serving: "), end = text.find('\n', line == std::string::npos ? 0 : line);
    if (line == std::string::npos || end == std::string::npos) continue;
    return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1)));
  }
  return 0;
}

server_process::~server_process() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  try {
    administer("DROP DATABASE IF EXISTS " + database_ + " WITH (FORCE)");
  } catch (const std::exception& why) {
    std::fprintf(stderr, "%s\n", why.what());
  }
}

double server_process::cpu_us() const {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(process_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) throw std::runtime_error("the server is gone");
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

void raise_open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace reverie::bench
