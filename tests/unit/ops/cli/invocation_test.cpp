#include "ops/cli/invocation.hpp"

#include <gtest/gtest.h>

using namespace reverie::ops;

namespace {

std::variant<invocation, printed_answer> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "reverie");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

template <class Options>
Options options_of(std::vector<const char*> words) {
  auto parsed = parse(std::move(words));
  EXPECT_TRUE(std::holds_alternative<invocation>(parsed));
  return std::get<Options>(std::get<invocation>(parsed).command);
}

bool is_refused(std::vector<const char*> words) {
  auto parsed = parse(std::move(words));
  return std::holds_alternative<printed_answer>(parsed) && std::get<printed_answer>(parsed).is_error;
}

} // namespace

TEST(command_line, takes_settings_as_flags_of_any_command) {
  auto parsed = parse({"serve", "--port", "0", "--no-model", "--data", "d"});
  ASSERT_TRUE(std::holds_alternative<invocation>(parsed));
  auto& given = std::get<invocation>(parsed).settings;
  EXPECT_EQ(given.at("port"), "0");
  EXPECT_EQ(given.at("model"), "false");
  EXPECT_EQ(given.at("data"), "d");
}

TEST(command_line, saves_and_compares_states_of_the_whole_log_only) {
  EXPECT_EQ(options_of<replay_options>({"replay", "--all", "--save-states", "f", "--kind", "bond"}).save_states, "f");
  EXPECT_EQ(options_of<replay_options>({"replay", "--all", "--against", "f"}).against, "f");
  EXPECT_TRUE(is_refused({"replay", "--all", "--against", "f", "--verify"}));
  EXPECT_TRUE(is_refused({"replay", "--entity", "session/x", "--against", "f"}));
  EXPECT_TRUE(is_refused({"replay", "--all", "--verify", "--kind", "bond"}));
  EXPECT_TRUE(is_refused({"replay", "--all", "--save-states", "f", "--kind", "job"}));
}

TEST(command_line, gives_an_account_another_role) {
  const auto role = options_of<users_options>({"users", "role", "--email", "ada@example.org", "--role", "operator"});
  EXPECT_EQ(role.action, "role");
  EXPECT_EQ(role.role, "operator");
  EXPECT_TRUE(is_refused({"users", "role", "--email", "ada@example.org"}));
  EXPECT_TRUE(is_refused({"users", "role", "--email", "ada@example.org", "--role", "king"}));
}

TEST(command_line, forks_a_conversation_and_verifies_piece_by_piece) {
  const auto fork = options_of<fork_options>({"fork", "session/7", "--at", "12", "--answered-by", "other", "--reason", "ticket 7", "--say", "one", "--say", "two"});
  EXPECT_EQ(fork.session, "session/7");
  EXPECT_EQ(fork.sequence, 12u);
  EXPECT_EQ(fork.say, (std::vector<std::string>{"one", "two"}));
  const auto verify = options_of<replay_options>({"replay", "--all", "--verify", "--records", "100", "--from-start"});
  EXPECT_EQ(verify.records, 100u);
  EXPECT_TRUE(verify.from_start);
}

TEST(command_line, pauses_and_resumes_named_projections_only_and_asks_why) {
  const auto pause = options_of<projections_options>({"projections", "pause", "messages", "bonds", "--partition", "2", "--reason", "disk"});
  EXPECT_EQ(pause.action, "pause");
  EXPECT_EQ(pause.projections, (std::vector<std::string>{"messages", "bonds"}));
  EXPECT_EQ(pause.partition, 2u);
  EXPECT_EQ(pause.reason, "disk");
  EXPECT_EQ(options_of<projections_options>({"projections", "resume", "messages"}).action, "resume");
  EXPECT_TRUE(is_refused({"projections", "pause", "messages"}));
  EXPECT_TRUE(is_refused({"projections", "resume"}));
}

TEST(command_line, reads_the_commands_of_the_contract) {
  EXPECT_EQ(options_of<replay_options>({"replay", "--entity", "session/x", "--to-seq", "4", "--print", "events"}).to_sequence, 4u);
  EXPECT_EQ(options_of<replay_options>({"replay", "--entity", "session/x", "--diff", "2", "5"}).diff, (std::vector<std::uint64_t>{2, 5}));
  EXPECT_EQ(options_of<replay_options>({"replay", "--entity", "session/x", "--to-time", "2026-11-21T10:00:00Z"}).to_time, "2026-11-21T10:00:00Z");
  EXPECT_TRUE(options_of<replay_options>({"replay", "--all", "--verify"}).verify);
  EXPECT_EQ(options_of<rebuild_options>({"rebuild", "messages"}).projections.at(0), "messages");
  EXPECT_TRUE(options_of<rebuild_options>({"rebuild", "--all"}).all);
  EXPECT_EQ(options_of<users_options>({"users", "create", "--email", "e@x.org", "--password-stdin", "--role", "operator"}).role, "operator");
  EXPECT_FALSE(options_of<events_options>({"events", "tail", "--no-follow"}).follow);
  EXPECT_EQ(options_of<events_options>({"events", "show", "0:3"}).position, "0:3");
}

TEST(command_line, refuses_what_makes_no_sense) {
  EXPECT_TRUE(is_refused({}));
  EXPECT_TRUE(is_refused({"nonsense"}));
  EXPECT_TRUE(is_refused({"replay"}));
  EXPECT_TRUE(is_refused({"replay", "--all"}));
  EXPECT_TRUE(is_refused({"replay", "--all", "--verify", "--entity", "x"}));
  EXPECT_TRUE(is_refused({"rebuild"}));
  EXPECT_TRUE(is_refused({"users", "create", "--email", "e@x.org"}));
  EXPECT_TRUE(is_refused({"users", "create", "--email", "e@x.org", "--password-stdin", "--role", "king"}));
  EXPECT_TRUE(is_refused({"serve", "--model-key", "secret"}));
}

TEST(command_line, explains_itself) {
  auto parsed = parse({"replay", "--help"});
  ASSERT_TRUE(std::holds_alternative<printed_answer>(parsed));
  EXPECT_NE(std::get<printed_answer>(parsed).text.find("--to-seq"), std::string::npos);
}

TEST(command_line, takes_one_thing_to_do_about_a_rebuild) {
  using act = rebuild_options::act;
  EXPECT_EQ(options_of<rebuild_options>({"rebuild", "--roll-back", "messages"}).what, act::roll_back);
  EXPECT_EQ(options_of<rebuild_options>({"rebuild", "--all", "--dry-run"}).what, act::dry_run);
  EXPECT_EQ(options_of<rebuild_options>({"rebuild", "--status"}).what, act::status);
  EXPECT_EQ(options_of<rebuild_options>({"rebuild", "messages", "--rate", "500"}).events_per_second, 500u);
  EXPECT_TRUE(options_of<rebuild_options>({"rebuild", "messages", "--expect-same", "--no-keep"}).no_keep);
  EXPECT_TRUE(is_refused({"rebuild", "messages", "--pause", "--cancel"}));
  EXPECT_TRUE(is_refused({"rebuild"}));
  EXPECT_TRUE(is_refused({"rebuild", "--drop-old"}));
  EXPECT_TRUE(is_refused({"rebuild", "messages", "--all"}));
}

TEST(command_line, wants_to_know_which_effects_are_asked_for_again) {
  EXPECT_EQ(options_of<effects_options>({"effects", "list", "--state", "failed", "--partition", "2"}).partition, 2U);
  EXPECT_EQ(options_of<effects_options>({"effects", "retry", "7"}).id, "7");
  EXPECT_TRUE(options_of<effects_options>({"effects", "retry", "--all", "--entity", "session/x", "--reason", "the model is back"}).all);
  EXPECT_TRUE(is_refused({"effects", "retry"}));
  EXPECT_TRUE(is_refused({"effects", "retry", "--entity", "session/x"})) << "a filter is no choice";
  EXPECT_TRUE(is_refused({"effects", "retry", "7", "--all"}));
  EXPECT_TRUE(is_refused({"effects", "list", "--state", "old"}));
  EXPECT_TRUE(is_refused({"effects"}));
}

TEST(command_line, wants_to_know_which_dead_letters_and_why) {
  EXPECT_EQ(options_of<letters_options>({"dead-letters", "list"}).action, "list");
  EXPECT_EQ(options_of<letters_options>({"dead-letters", "retry", "--projection", "messages"}).projection, "messages");
  EXPECT_EQ(options_of<letters_options>({"dead-letters", "discard", "7", "--reason", "broken"}).id, 7);
  EXPECT_EQ(options_of<letters_options>({"dead-letters", "list", "--projection", "messages", "--version", "2"}).version, 2U);
  EXPECT_TRUE(is_refused({"dead-letters", "list", "--version", "2"})) << "of which projection?";
  EXPECT_TRUE(is_refused({"dead-letters", "retry", "--projection", "messages", "--version", "2"})) << "only what serves is folded again";
  EXPECT_TRUE(is_refused({"dead-letters", "retry"}));
  EXPECT_TRUE(is_refused({"dead-letters", "discard", "7"}));
  EXPECT_TRUE(is_refused({"dead-letters"}));
}

TEST(command_line, takes_a_reason_wherever_something_changes) {
  EXPECT_EQ(options_of<rebuild_options>({"rebuild", "messages", "--cancel", "--reason", "too slow"}).reason, "too slow");
  EXPECT_EQ(options_of<projections_options>({"projections", "reset", "messages", "--to-start", "--reason", "r"}).reason, "r");
  EXPECT_EQ(options_of<projections_options>({"projections", "resume", "messages", "--reason", "r"}).reason, "r");
  EXPECT_EQ(options_of<letters_options>({"dead-letters", "retry", "7", "--reason", "r"}).reason, "r");
  EXPECT_EQ(options_of<vectors_options>({"vectors", "drop", "2", "--reason", "r"}).reason, "r");
  EXPECT_EQ(options_of<users_options>({"users", "role", "--email", "a@example.org", "--role", "user", "--reason", "r"}).reason, "r");
  EXPECT_EQ(options_of<vault_options>({"vault", "import", "f", "--reason", "r"}).reason, "r");
  EXPECT_TRUE(is_refused({"vectors", "list", "--reason", "r"}));
}
