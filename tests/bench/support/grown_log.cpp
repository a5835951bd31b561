#include "tests/bench/support/grown_log.hpp"

#include <atomic>
#include <latch>
#include <map>

namespace reverie::bench {

namespace {

using namespace reverie::actors;

events::character_id numbered_character(std::size_t number) { return {tests::numbered_uuid(0x20'0000'0000 + number)}; }

/// What all who talk share.
struct gathering {
  actor_server& server;
  const growth& how;
  std::atomic<std::uint64_t> happened = 0, ids = 0x30'0000'0000;
  std::latch over;

  events::command_id fresh_id() { return {tests::numbered_uuid(++ids)}; }
  template <class Command>
  void submit(events::user_id person, const events::entity_ref& target, const events::uuid& slice_key, Command command, answer_callback done) {
    server.node().submit({fresh_id(), {}, person, {target, slice_key}, std::move(command), {}}, std::move(done));
  }
};

/// What is thrown on an actor's thread ends in its log, and whoever waits here would wait for ever.
[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::abort();
}

/// One person: says something whenever the reply to what was said before is there. So only one thing is under way at a time, and nothing
/// here is touched by two threads at once.
class talker final : public update_listener, public std::enable_shared_from_this<talker> {
public:
  talker(gathering& of, std::size_t number) : of_(of), user_(numbered_person(number)), number_(number) {}

  void begin() {
    listening_ = of_.server.node().listen(user_, weak_from_this());
    of_.submit(user_, {events::entity_kind::user, user_.value}, user_.value,
               user::command{user::register_user{"talker" + std::to_string(number_) + "@example.org", "Person " + std::to_string(number_), {"user"}}},
               [self = shared_from_this()](const command_outcome& answer) { self->expect(answer), self->go_on(); });
  }

  void on_update(const shared_update& update) override {
    of_.happened += update->happened.size();
    if (update->entity.entity.kind != events::entity_kind::session) return;
    for (const auto& each : update->happened) {
      if (const auto* opened = std::get_if<events::session::opened>(&each.payload)) sessions_[opened->character] = opened->session;
      if (std::holds_alternative<events::session::opened>(each.payload) || std::holds_alternative<events::session::reply_completed>(each.payload)) go_on();
      else if (const auto* failed = std::get_if<events::session::reply_failed>(&each.payload)) give_up("a reply failed: " + failed->message);
    }
  }
  void on_piece(const std::shared_ptr<const reply_piece>&) override {}

private:
  void expect(const command_outcome& answer) {
    if (!answer) give_up("refused: " + answer.error().message);
  }
  void go_on() {
    if (of_.happened >= of_.how.events_min) {
      if (!std::exchange(ended_, true)) of_.over.count_down();
      return;
    }
    const auto character = numbered_character(turns_ / of_.how.turns_in_a_row % of_.how.characters);
    if (auto known = sessions_.find(character); known != sessions_.end()) return say(known->second);
    of_.submit(user_, {events::entity_kind::bond, events::bond_of(user_, character).value}, user_.value, bond::command{bond::open_conversation{user_, character, 1, ""}},
               [self = shared_from_this()](const command_outcome& answer) { self->expect(answer); });
  }
  void say(events::session_id session) {
    const auto turn = turns_++;
    const auto text = turn % 20 == 3 ? "I have a dog called Rex" + std::to_string(turn) + "."
                                     : "I walked along the river this morning and thought about what you said, number " + std::to_string(turn) + ".";
    of_.submit(user_, {events::entity_kind::session, session.value}, user_.value, session::command{session::send_message{text, {}}},
               [self = shared_from_this()](const command_outcome& answer) { self->expect(answer); });
  }

  gathering& of_;
  const events::user_id user_;
  const std::size_t number_;
  std::shared_ptr<void> listening_;
  std::map<events::character_id, events::session_id> sessions_;
  std::size_t turns_ = 0;
  bool ended_ = false;
};

void make_characters(gathering& all) {
  std::latch made(static_cast<std::ptrdiff_t>(all.how.characters));
  for (std::size_t i = 0; i < all.how.characters; ++i) {
    const auto id = numbered_character(i);
    character::create_character card;
    card.published = true;
    card.media_type = "application/json";
    card.card_base64 = "e30=";
    card.card_spec = "V2";
    card.profile.name = "Character " + std::to_string(i);
    all.submit({}, {events::entity_kind::character, id.value}, id.value, character::command{std::move(card)}, [&made](const command_outcome& answer) {
      if (!answer) give_up("no character: " + answer.error().message);
      made.count_down();
    });
  }
  made.wait();
}

} // namespace

std::uint64_t grow_log(actor_server& server, const growth& how) {
  gathering all{.server = server, .how = how, .over = std::latch(static_cast<std::ptrdiff_t>(how.people))};
  make_characters(all);
  std::vector<std::shared_ptr<talker>> people;
  for (std::size_t i = 0; i < how.people; ++i) people.push_back(std::make_shared<talker>(all, i));
  for (const auto& each : people) each->begin();
  all.over.wait();
  server.wait_idle();
  return all.happened;
}

} // namespace reverie::bench
