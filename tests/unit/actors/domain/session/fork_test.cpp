#include "tests/unit/actors/domain/session/conversation.hpp"

#include "actors/domain/bond/commands.hpp"
#include "actors/domain/bond/state.hpp"

namespace reverie::tests {
namespace {

using events::entity_kind;
using events::rejection_code;

const events::session_id fork_id{test_id(20)};

events::session::copied_message copied(std::uint64_t number, std::optional<std::uint64_t> parent, std::string role, std::string text) {
  return {{test_id(number)}, parent ? std::optional(events::message_id{test_id(*parent)}) : std::nullopt, std::move(role), "complete", 0, {number - 100}, {}, std::move(text), {}};
}

/// Four events long: greeting, message, reply.
events::session::forked copy() {
  return {fork_id, ada, mira, 2, {test_id(9)}, {4}, events::from_milliseconds(1'780'000'000'000), "other-model", events::message_id{test_id(103)},
          {copied(101, std::nullopt, "character", "Hello."), copied(102, 101, "user", "Who are you?"), copied(103, 102, "character", "A keeper.")}};
}

given_when_then fork() { return given_when_then{{{entity_kind::forked_session, fork_id.value}, ada.value}}; }

std::string reads(const session::state& now) {
  std::string all;
  for (const auto& turn : session::active_turns(now)) all += turn.text.value_or("?") + "|";
  return all;
}

TEST(fork, begins_as_a_copy_and_goes_on_by_the_same_rules) {
  auto it = fork();
  it.by_the_system().when(session::command{session::fork{copy()}}).then<events::session::forked>();
  EXPECT_EQ(it.subject(), fork_id.value);
  EXPECT_EQ(reads(it.state<session::state>()), "Hello.|Who are you?|A keeper.|");
  EXPECT_EQ(it.state<session::state>().fork->model, "other-model");
  EXPECT_EQ(it.state<session::state>().card_version, 2U);
  it.when(session::command{session::send_message{"And what do you keep?", {}}}).then<events::session::message_sent, events::session::reply_started>();
  const auto& now = it.state<session::state>();
  EXPECT_EQ(reads(now), "Hello.|Who are you?|A keeper.|And what do you keep?|");
  EXPECT_GT(now.nodes.at(now.turn->parent).created, now.nodes.at({test_id(103)}).created) << "what is new is newer than all that was copied";
}

TEST(fork, tells_its_own_bond_and_never_the_persons) {
  auto it = fork();
  it.by_the_system().when(session::command{session::fork{copy()}});
  EXPECT_TRUE(it.reactions().at(0).begin.empty());
  it.when(session::command{session::send_message{"My dog is Bruno", {}}});
  const auto& delivery = std::get<actors::deliver_command>(it.reactions().at(0).begin.at(0).second);
  EXPECT_EQ(delivery.target.entity, (events::entity_ref{entity_kind::forked_bond, events::forked_bond_of(fork_id).value}));
  EXPECT_EQ(delivery.target.slice_key, ada.value);
  it.when(session::command{session::close{}});
  for (const auto& each : it.reactions()) EXPECT_TRUE(each.begin.empty()) << "nobody's open conversation ends with it";
}

TEST(fork, is_not_there_for_the_person_it_was_copied_from) {
  auto it = fork();
  it.by_the_system().when(session::command{session::fork{copy()}});
  it.by(ada).when(session::command{session::send_message{"Hello?", {}}}).then_rejected(rejection_code::not_found, "conversation_id");
  it.by(ada).when(session::command{session::close{}}).then_rejected(rejection_code::not_found, "conversation_id");
}

TEST(fork, is_made_only_by_the_server_once_and_as_an_entity_of_its_own_kind) {
  auto it = fork();
  it.by(ada).when(session::command{session::fork{copy()}}).then_rejected(rejection_code::permission_denied);
  it.by_the_system().when(session::command{session::fork{copy()}}).then<events::session::forked>();
  it.when(session::command{session::fork{copy()}}).then_nothing();
  auto other = copy();
  other.origin_sequence = {7};
  it.when(session::command{session::fork{other}}).then_rejected(rejection_code::conflict, "session_id");

  given_when_then plain{{{entity_kind::session, fork_id.value}, ada.value}};
  plain.by_the_system().when(session::command{session::fork{copy()}}).then_rejected(rejection_code::validation_error, "session_id");
  auto stranger = copy();
  stranger.user = eve;
  auto fresh = fork();
  fresh.by_the_system().when(session::command{session::fork{stranger}}).then_rejected(rejection_code::validation_error, "session_id");
}

TEST(fork, refuses_messages_that_are_no_tree) {
  auto it = fork();
  auto broken = copy();
  std::swap(broken.messages[0], broken.messages[1]);
  it.by_the_system().when(session::command{session::fork{broken}}).then_rejected(rejection_code::validation_error, "messages");
  broken = copy();
  broken.leaf = events::message_id{test_id(999)};
  it.when(session::command{session::fork{broken}}).then_rejected(rejection_code::validation_error, "messages");
}

/// The same copy in two parts.
std::pair<events::session::forked, events::session::forked> parts() {
  auto first = copy(), last = copy();
  first.messages.resize(2);
  first.leaf.reset();
  last.messages.erase(last.messages.begin(), last.messages.begin() + 2);
  return {first, last};
}

TEST(fork, that_comes_in_parts_is_the_same_and_finds_each_text_in_its_part) {
  auto it = fork(), whole = fork();
  const auto [first, last] = parts();
  it.by_the_system().when(session::command{session::fork{first}}).then<events::session::forked>();
  it.when(session::command{session::fork{first}}).then_nothing();
  it.when(session::command{session::fork{last}}).then<events::session::forked>();
  it.when(session::command{session::fork{last}}).then_nothing();
  whole.by_the_system().when(session::command{session::fork{copy()}});
  const auto& now = it.state<session::state>();
  const auto& other = whole.state<session::state>();
  EXPECT_EQ(now.leaf, other.leaf);
  EXPECT_EQ(now.fork, other.fork);
  ASSERT_EQ(now.nodes.size(), 3U);
  EXPECT_EQ(now.nodes.at({test_id(102)}).text_at.value, 1U);
  EXPECT_EQ(now.nodes.at({test_id(103)}).text_at.value, 2U);
  EXPECT_EQ(reads(now), "?|?|A keeper.|") << "older texts are read from the log";
  it.when(session::command{session::send_message{"And what do you keep?", {}}}).then<events::session::message_sent, events::session::reply_started>();
}

TEST(fork, takes_nothing_but_its_end_while_parts_are_missing) {
  auto it = fork();
  const auto [first, last] = parts();
  it.by_the_system().when(session::command{session::fork{first}});
  it.when(session::command{session::send_message{"Hello?", {}}}).then_rejected(rejection_code::conflict, "conversation_id");
  auto broken = last;
  broken.messages.front().parent = events::message_id{test_id(999)};
  it.when(session::command{session::fork{broken}}).then_rejected(rejection_code::validation_error, "messages");
  it.when(session::command{session::close{}}).then<events::session::closed>();
  it.when(session::command{session::fork{last}}).then_rejected(rejection_code::conflict, "session_id");
}

TEST(fork, keeps_its_past_as_it_was_copied) {
  auto it = fork();
  it.by_the_system().when(session::command{session::fork{copy()}});
  it.when(session::command{session::edit_message{{test_id(102)}, "Who?"}}).then_rejected(rejection_code::conflict, "conversation_id");
  it.when(session::command{session::delete_message{{test_id(102)}}}).then_rejected(rejection_code::conflict, "conversation_id");
  it.when(session::command{session::regenerate{{test_id(103)}}}).then<events::session::reply_started>();
}

TEST(forked_bond, begins_as_a_copy_and_learns_for_itself) {
  const auto bond_id = events::forked_bond_of(fork_id);
  events::bond::forked what{bond_id, ada, mira, fork_id, events::bond_of(ada, mira), {12}, {}, {{"trust", 0.4, 20000, 0.1}}, {}, {{test_id(70)}},
                            {{{test_id(71)}, "pet", "dog", "Rex", "User's dog is named Rex", {test_id(9)}, {test_id(102)}, {}, {}, {}, {}, "rules"}}};
  given_when_then it{{{entity_kind::forked_bond, bond_id.value}, ada.value}};
  it.by(ada).when(actors::bond::command{actors::bond::fork{what}}).then_rejected(rejection_code::permission_denied);
  it.by_the_system().when(actors::bond::command{actors::bond::fork{what}}).then<events::bond::forked>();
  it.when(actors::bond::command{actors::bond::fork{what}}).then_nothing();
  const auto& now = it.state<actors::bond::state>();
  EXPECT_EQ(now.axes.at("trust").value, 0.4);
  EXPECT_EQ(now.facts.at({test_id(71)}).value, "Rex");
  EXPECT_FALSE(now.open_session);
  it.when(actors::bond::command{actors::bond::observe_turn{fork_id, {test_id(200)}, "My name is Tom.", it.now(), {}}});
  EXPECT_EQ(it.all<events::bond::fact_learned>().size(), 1U);
  EXPECT_EQ(it.state<actors::bond::state>().facts.size(), 2U);

  const auto trust = now.axes.at("trust").value;
  auto more = what;
  more.axes.clear();
  more.facts[0].memory = {test_id(72)};
  it.by_the_system().when(actors::bond::command{actors::bond::fork{more}}).then<events::bond::forked>();
  EXPECT_EQ(now.facts.size(), 3U) << "a further part of it";
  EXPECT_EQ(now.axes.at("trust").value, trust);
  auto other = what;
  other.character = {test_id(404)};
  it.when(actors::bond::command{actors::bond::fork{other}}).then_rejected(rejection_code::conflict, "bond_id");

  given_when_then plain{{{entity_kind::bond, bond_id.value}, ada.value}};
  plain.by_the_system().when(actors::bond::command{actors::bond::fork{what}}).then_rejected(rejection_code::validation_error, "bond_id");
}

} // namespace
} // namespace reverie::tests
