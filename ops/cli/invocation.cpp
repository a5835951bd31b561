#include "ops/cli/grammar.hpp"
#include "ops/server/settings.hpp"

#include <sstream>

namespace reverie::ops {

namespace {

constexpr auto version_text = "reverie 0.1.0";

/// Offers every setting that is no secret as an option of a subcommand.
void offer_settings(CLI::App& command, std::map<std::string, std::string>& values) {
  for (const auto& row : all_settings()) {
    std::string name(row.name);
    if (row.type == setting::kind::secret) continue;
    if (row.type == setting::kind::on_off) {
      command.add_flag_callback("--" + name, [&values, name] { values[name] = "true"; }, std::string(row.meaning))->group("Settings");
      command.add_flag_callback("--no-" + name, [&values, name] { values[name] = "false"; })->group("Settings");
      continue;
    }
    command.add_option_function<std::string>("--" + name, [&values, name](const std::string& value) { values[name] = value; },
                                             std::string(row.meaning) + " [" + variable_of(row) + "]")
        ->group("Settings");
  }
}

} // namespace

CLI::App* grammar::command(CLI::App& parent, const std::string& name, const std::string& meaning) {
  auto* made = parent.add_subcommand(name, meaning);
  made->add_flag("--json", result.json, "print JSON");
  made->add_flag("--yes,-y", result.yes, "don't ask before what can't be undone");
  offer_settings(*made, result.settings);
  return made;
}

void grammar::describe_reading() {
  auto* replaying = command(app, "replay", "fold the log: one entity as it is or was, or all of it as a check");
  replaying->add_option("--entity", replay.entity, "session/<id>, bond/<id>, user/<id>, character/<id>");
  replaying->add_option("--to-seq", replay.to_sequence, "stop after this event of the entity");
  replaying->add_option("--to-time", replay.to_time, "stop after what was written by this time (RFC 3339)");
  replaying->add_option("--diff", replay.diff, "what changed from one event of the entity to another, as JSON pointers")->expected(2)->excludes("--to-seq", "--to-time");
  replaying->add_option("--print", replay.print, "state or events")->check(CLI::IsMember({"state", "events"}));
  replaying->add_flag("--all", replay.all, "every record of every partition");
  replaying->add_flag("--verify", replay.verify, "check chains, epochs, gaps and stored state; ends with a line that counts differences");
  replaying->add_flag("--from-start", replay.from_start, "do not go on where an interrupted verification stood");
  replaying->add_option("--records", replay.records, "verify at most so many records of each partition now; the next run goes on")->check(CLI::PositiveNumber);
  replaying->add_option("--save-states", replay.save_states, "write what every entity folds to into this file, sealed");
  replaying->add_option("--against", replay.against, "fold by this build's rules what such a file holds, and print what differs");
  replaying->add_option("--kind", replay.kind, "only entities of this kind")->check(CLI::IsMember({"user", "session", "character", "bond"}));
  replaying->add_option("--threads", replay.threads, "partitions folded side by side")->check(CLI::Range(1, 256));
  replaying->callback([this] {
    if (replay.all == replay.entity.has_value()) throw CLI::ValidationError("replay", "give either --entity or --all");
    const int whole = (replay.verify ? 1 : 0) + (replay.save_states ? 1 : 0) + (replay.against ? 1 : 0);
    if (replay.all && whole != 1) throw CLI::ValidationError("replay", "--all needs --verify, --save-states or --against");
    if (!replay.all && whole != 0) throw CLI::ValidationError("replay", "--verify, --save-states and --against need --all");
    if ((replay.from_start || replay.records) && !replay.verify) throw CLI::ValidationError("replay", "--from-start and --records go with --verify");
    if (replay.kind && !replay.save_states && !replay.against) throw CLI::ValidationError("replay", "--kind goes with --save-states or --against");
    result.command = replay;
  });
  auto* forking = command(app, "fork", "copy a conversation and its bond as they were, to continue them apart; asks a running server");
  forking->add_option("session", fork.session, "session/<id>")->required();
  forking->add_option("--at", fork.sequence, "the last event that the copy holds")->check(CLI::PositiveNumber);
  forking->add_option("--answered-by", fork.model, "what answers in the fork, by name");
  forking->add_option("--reason", fork.reason, "for the audit log")->required();
  forking->add_option("--say", fork.say, "say this in the fork; may be given several times");
  forking->add_option("--server", fork.server, server_text);
  forking->callback([this] { result.command = fork; });
  auto* reading = app.add_subcommand("events", "look at the log")->require_subcommand(1);
  auto* tail = command(*reading, "tail", "print records as they come");
  tail->add_option("--entity", events.entity, "only of this entity");
  tail->add_flag("--from-start", events.from_start, "begin with the first record");
  tail->add_flag("!--no-follow", events.follow, "end at the log's end");
  tail->callback([this] {
    events.action = "tail";
    result.command = events;
  });
  auto* show = command(*reading, "show", "print one record with its events");
  show->add_option("position", events.position, "<partition>:<offset>")->required();
  show->callback([this] {
    events.action = "show";
    result.command = events;
  });
  auto moves = [&](const std::string& action, const std::string& flag, const std::string& meaning) {
    auto* moving = command(*reading, action, meaning);
    moving->add_option(flag, events.other_log, "kafka://host:port[,host:port], or rocksdb:<data folder>")->required();
    moving->add_option("--other-topic", events.other_topic, "its topic in Kafka, when not that of --kafka-topic");
    moving->callback([this, action] {
      events.action = action;
      result.command = events;
    });
  };
  moves("export", "--to", "copy every event to another log; run again it goes on where it was stopped");
  moves("import", "--from", "copy every event of another log into this one; run again it goes on where it was stopped");
}

void grammar::describe_simulation() {
  auto* simulating = app.add_subcommand("simulate", "run the whole server against faults drawn from a seed, and check everything");
  simulating->add_flag("--json", result.json, "print JSON");
  simulating->add_option("--seed", simulate.seed, "the first seed; the same seed gives the same run");
  simulating->add_option("--runs", simulate.runs, "so many seeds, one after the other")->check(CLI::Range(1, 100'000'000));
  simulating->add_option("--bug", simulate.bug, "build a mistake in, to see that it is found")
      ->check(CLI::IsMember({"skip-epoch-check", "answer-before-read-back", "forget-sequence-check", "apply-fold-twice", "lose-stash", "resume-effect-twice"}));
  simulating->add_flag("--trace", simulate.trace, "print what happens, one line an event; a failing seed prints it anyway");
  simulating->callback([this] { result.command = simulate; });
}

void grammar::describe_rest() {
  command(app, "serve", "serve until a signal comes")->callback([this] { result.command = serve_options{}; });
  command(app, "migrate", "bring the database to this build's schema")->callback([this] { result.command = migrate_options{}; });
  describe_rebuild();
  describe_simulation();
  describe_letters();
  describe_effects();
  describe_projections();
  describe_vectors();
  auto* verifying = command(app, "verify", "compare projections with a fold of the log");
  verifying->add_option("projection", verify.projections, "only these");
  verifying->callback([this] { result.command = verify; });
  auto* people = app.add_subcommand("users", "accounts")->require_subcommand(1);
  auto* create = command(*people, "create", "make an account");
  create->add_option("--email", users.email, "address to sign in with")->required();
  create->add_option("--name", users.name, "name to be shown; the part before the @ when absent");
  create->add_option("--role", users.role, "user, operator or admin")->check(CLI::IsMember({"user", "operator", "admin"}));
  create->add_flag("--password-stdin", users.password_stdin, "read the password from standard input")->required();
  create->callback([this] {
    users.action = "create";
    result.command = users;
  });
  auto* role = command(*people, "role", "give an account another role; it holds from the next sign-in on");
  for (auto* each : {create, role}) each->add_option("--reason", users.reason, reason_text);
  role->add_option("--email", users.email, "whose")->required();
  role->add_option("--role", users.role, "user, operator or admin")->required()->check(CLI::IsMember({"user", "operator", "admin"}));
  role->callback([this] {
    users.action = "role";
    result.command = users;
  });
  auto* safe = app.add_subcommand("vault", "accounts and wrapped keys: with the log, all that can't be made again")->require_subcommand(1);
  const auto keep = [&](const char* action, const char* meaning) {
    auto* made = command(*safe, action, meaning);
    made->add_option("file", vault.file, "of JSON lines")->required();
    made->add_option("--reason", vault.reason, reason_text);
    made->callback([this, name = std::string(action)] {
      vault.action = name;
      result.command = vault;
    });
  };
  keep("export", "write them to a file that is not there yet");
  keep("import", "add what is not there; what is there stays");
  auto* configuring = command(app, "config", "print the settings and where each comes from");
  configuring->add_flag("--markdown", config.markdown, "print the table of all settings");
  configuring->callback([this] { result.command = config; });
}

std::variant<invocation, printed_answer> parse_command_line(int argc, const char* const* argv) {
  grammar words;
  words.app.set_version_flag("--version", version_text);
  words.app.require_subcommand(1);
  words.describe_reading();
  words.describe_rest();
  try {
    words.app.parse(argc, argv);
  } catch (const CLI::Success& asked) { // help or version
    std::ostringstream out;
    words.app.exit(asked, out, out);
    return printed_answer{out.str(), false};
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    words.app.exit(error, out, out);
    return printed_answer{out.str(), true};
  }
  return std::move(words.result);
}

} // namespace reverie::ops
