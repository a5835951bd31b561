#include "actors/effects/hashing_embedder.hpp"
#include "events/vault/caching_key_ring.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/postgres/postgres_wrapped_key_store.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "tests/bench/support/chat_setup.hpp"
#include "tests/bench/support/grown_log.hpp"
#include "tests/bench/support/server_process.hpp"
#include "tests/bench/support/summary.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <thread>

/// What operators do on a log of REVERIE_BENCH_EVENTS events (default: a million), beside the running server: a rebuild of everything, what
/// it does to the people who talk meanwhile, and the slowest page of the console.
namespace {

using namespace reverie;

std::uint64_t events_wanted() {
  const char* given = std::getenv("REVERIE_BENCH_EVENTS");
  return given == nullptr ? 1'000'000 : std::stoull(given);
}

/// Each of many millions of vectors takes longer to make than all else that happens with a message: larger logs are measured without.
bool has_vectors() { return events_wanted() <= 500'000; }

constexpr std::size_t talkers = 40;

std::vector<std::string> server_flags() {
  std::vector<std::string> flags{"--messages-per-minute", "1000000", "--verification-records-per-second", "0"};
  if (has_vectors()) flags.push_back("--no-model");
  else for (const char* each : {"--local-model", "", "--embedding-url", "http://127.0.0.1:9/v1", "--embedding-model", "none"}) flags.push_back(each);
  return flags;
}

double seconds_since(std::chrono::steady_clock::time_point before) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

/// A server on a log that people filled with conversations.
struct grown_world {
  std::uint64_t happened = 0;
  double grown_s = 0;
  std::string conninfo;
  bench::server_process server{server_flags(), [this](const auto& data, const auto& database) { grow(data, database); }};
  std::string anyone = bench::sign_up(server.port(), 0);
  struct talk {
    std::string token, conversation;
  };
  std::vector<talk> talks; ///< of people who talk while something else goes on
  std::size_t sent = 0;

  void grow(const std::filesystem::path& data, const std::string& database) {
    const auto before = std::chrono::steady_clock::now();
    conninfo = database;
    projections::connection_pool pool(database, {});
    auto keys = std::make_shared<events::caching_key_ring>(std::make_shared<projections::postgres_wrapped_key_store>(pool),
                                                           events::master_key::load_or_create(data / "master.key").value(), 100'000);
    bench::actor_server actors(data, std::move(keys), std::make_shared<bench::forgetful_model>());
    happened = bench::grow_log(actors, {.people = std::clamp<std::size_t>(events_wanted() / 1'000, 200, 2'000), .events_min = events_wanted()});
    grown_s = seconds_since(before);
  }
  grown_world() {
    std::fprintf(stderr, "%llu events grown in %.0f s\n", static_cast<unsigned long long>(happened), grown_s);
    if (server.finish(server.begin({"users", "role", "--email", "person0@example.org", "--role", "operator"})) != 0) throw std::runtime_error("no operator");
    anyone = sign_in();
    // A rebuild gives way to projections that are behind, and these have all of the log before them.
    while (read("/overview").at("lag").at("records").get<std::uint64_t>() > 0) std::this_thread::sleep_for(std::chrono::seconds{1});
    if (has_vectors()) await_vectors();
    const auto character = bench::character_ids(server.port(), anyone).front();
    for (std::size_t person = 1; person <= talkers; ++person) {
      const auto token = bench::sign_up(server.port(), person);
      talks.push_back({token, bench::open_conversation(server.port(), token, character)});
    }
  }
  void await_vectors() const {
    auto database = projections::connection::open(conninfo).value();
    const auto view = "reverie." + projections::vector_table_name(std::string(actors::hashing_embedder_name), actors::hashing_embedding_dimensions);
    const auto missing = [&] { return database.run("SELECT (SELECT count(*) FROM reverie.memories) - (SELECT count(*) FROM " + view + ")").value().integer(0, 0); };
    while (missing() > 0) std::this_thread::sleep_for(std::chrono::seconds{1});
  }
  /// A token lives fifteen minutes.
  void refresh_tokens() {
    anyone = sign_in();
    for (std::size_t i = 0; i < talks.size(); ++i) talks[i].token = sign_in(i + 1);
  }
  std::string sign_in(std::size_t person = 0) const {
    bench::loopback_socket socket(server.port());
    const auto form = std::format("grant_type=password&username=person{}%40example.org&password=correct+horse", person);
    socket.send(std::format("POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
                            form.size(), form));
    return nlohmann::json::parse(socket.read_answer().body).at("access_token").get<std::string>();
  }
  nlohmann::json read(const std::string& path) const { return bench::ask(server.port(), "GET", "/api/v1/admin" + path, anyone); }
  std::string message() {
    const auto number = sent++;
    const auto& by = talks[number % talks.size()];
    return bench::request_text("POST", "/api/v1/conversations/" + by.conversation + "/messages", by.token,
                               std::format(R"({{"content":"The river is high today, number {}."}})", number));
  }
};

grown_world& world() {
  static grown_world made;
  return made;
}

/// Everything is folded anew, compared and switched, by the command an operator would use.
void rebuild_of_everything(benchmark::State& state) {
  auto& grown = world();
  for (auto _ : state) {
    const auto before = std::chrono::steady_clock::now();
    if (grown.server.finish(grown.server.begin({"rebuild", "--all", "--live-p99-ms", "0"})) != 0) return state.SkipWithError("the rebuild failed");
    const auto took = seconds_since(before);
    state.SetIterationTime(took);
    const auto all = static_cast<double>(grown.happened);
    state.counters["events_per_s"] = all / took;
    bench::report({std::format("rebuild of all projections{}, {:.1f} million events, end to end", has_vectors() ? " with vectors" : "", all / 1e6), std::format("{:.0f} s, {:.0f} events/s", took, all / took),
                   "18,000 to 49,000 events/s, the best JVM engine on such machines", 0, ""});
  }
}

double at(const std::vector<double>& sorted, double share) { return sorted.at(static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)); }

/// People talk, 40 messages a second with their replies, in turns without a rebuild and while one runs: a machine like this has slow
/// seconds of its own, so one pair of figures says little.
void messages_during_a_rebuild(benchmark::State& state) {
  constexpr double per_second = 40;
  constexpr std::size_t calm_messages = 1'000, most = 20'000;
  constexpr int turns = 5;
  auto& grown = world();
  const auto message = [&](std::size_t) { return grown.message(); };
  const auto talk = [&](std::size_t messages, const std::function<bool()>& go_on) { return bench::paced_loop(grown.server.port(), per_second, messages, message, go_on); };
  for (auto _ : state) {
    std::vector<double> calm, busy;
    grown.refresh_tokens();
    talk(400, {});
    double rebuilt_s = 0;
    for (int turn = 0; turn < turns; ++turn) {
      grown.refresh_tokens();
      const auto without = talk(calm_messages, {});
      const auto before = std::chrono::steady_clock::now();
      const auto rebuild = grown.server.begin({"rebuild", "messages"});
      const auto with = talk(most, [&] { return bench::server_process::runs(rebuild); });
      if (grown.server.finish(rebuild) != 0) return state.SkipWithError("the rebuild failed");
      rebuilt_s += seconds_since(before);
      std::fprintf(stderr, "p50, p99 without %.1f, %.1f ms; with a rebuild %.1f, %.1f ms\n", at(without, 0.5), at(without, 0.99), at(with, 0.5), at(with, 0.99));
      calm.insert(calm.end(), without.begin(), without.end());
      busy.insert(busy.end(), with.begin(), with.end());
    }
    std::ranges::sort(calm);
    std::ranges::sort(busy);
    state.SetIterationTime(rebuilt_s);
    const auto ratio = at(busy, 0.99) / at(calm, 0.99);
    state.counters["ratio"] = ratio;
    bench::report({std::format("a message over HTTP while `messages` is rebuilt ({} times, {:.0f} s each)", turns, rebuilt_s / turns),
                   std::format("p50 {:.1f} ms, p99 {:.1f} ms ({} messages)", at(busy, 0.5), at(busy, 0.99), busy.size()),
                   std::format("without p50 {:.1f} ms, p99 {:.1f} ms", at(calm, 0.5), at(calm, 0.99)), ratio, "within 1.1"});
  }
}

/// Every page of the console asks some of these; each ten times, on a log that is not in memory.
void pages_of_the_console(benchmark::State& state) {
  auto& grown = world();
  grown.anyone = grown.sign_in(); // a token lives fifteen minutes, which what came before may have taken
  const auto talk = grown.read("/conversations?page_size=50").at("items").back();
  const auto user = talk.at("user_id").get<std::string>(), id = talk.at("id").get<std::string>();
  const auto last = grown.read("/events?page_size=1&direction=backward").at("items").at(0);
  const auto theirs = grown.read("/entities/session/" + id + "/history?direction=backward").at("items").at(0).at("position").get<std::string>();
  const std::vector<std::string> paths{
      "/overview", "/partitions", "/partitions/0/epochs", "/events?direction=backward", "/events?direction=forward", "/events?type=bond.fact_learned&direction=backward",
      "/events?entity=session/" + id, "/events?correlation_id=" + last.at("correlation_id").get<std::string>(), "/events?type=user.erased",
      "/events/" + last.at("position").get<std::string>(), "/entities/session/" + id, "/entities/session/" + id + "/history?direction=backward",
      "/entities/session/" + id + "/state?sequence=100", "/entities/session/" + id + "/diff?from=100&to=120", "/people/" + user + "/world?position=" + theirs,
      "/projections", "/vectors", "/forks", "/event-rules",
      "/dead-letters", "/effects", "/users", "/users?q=talker", "/users/" + user, "/users/" + user + "/conversations", "/users/" + user + "/memories", "/conversations",
      "/conversations/" + id + "/messages", "/verification", "/audit", "/settings"};
  double slowest = 0;
  std::string which;
  for (auto _ : state) {
    const auto began = std::chrono::steady_clock::now();
    for (const auto& path : paths) {
      double worst = 0;
      for (int i = 0; i < 10; ++i) {
        const auto before = std::chrono::steady_clock::now();
        grown.read(path);
        worst = std::max(worst, seconds_since(before) * 1e3);
      }
      std::fprintf(stderr, "%8.1f ms  %s\n", worst, path.c_str());
      if (worst > slowest) slowest = worst, which = path.substr(0, path.find('?'));
    }
    state.SetIterationTime(seconds_since(began));
  }
  const auto kind = which.starts_with("/entities") ? "an entity's own page" : which.starts_with("/people") ? "a person's world" : which;
  bench::report({std::format("slowest of {} calls of the console, {:.1f} million events", paths.size(), static_cast<double>(grown.happened) / 1e6),
                 std::format("{:.0f} ms ({})", slowest, kind), "", 0, ""});
}

BENCHMARK(rebuild_of_everything)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(pages_of_the_console)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(messages_during_a_rebuild)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
