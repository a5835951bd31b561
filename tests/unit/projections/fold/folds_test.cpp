#include "tests/support/folding.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

namespace talk = events::session;
namespace bond = events::bond;
using events::entity_kind;

const events::user_id anna{numbered_uuid(1)};
const events::character_id mira{numbered_uuid(2)};
const events::entity_ref person{entity_kind::user, anna.value}, card{entity_kind::character, mira.value}, session{entity_kind::session, numbered_uuid(3)},
    feelings{entity_kind::bond, events::bond_of(anna, mira).value};

events::message_id message(std::uint64_t number) { return {numbered_uuid(100 + number)}; }
talk::opened opened() { return {{session.id}, anna, mira, 1, {}, ""}; }

TEST(users_fold, keeps_the_newest_name_and_roles_of_a_person) {
  folded_projection users("users");
  users.happen(person, events::user::registered{anna, "anna@example.org", "Anna", {"user"}});
  users.happen(person, events::user::profile_changed{"Anna B."});
  users.happen(person, events::user::roles_changed{{"user", "operator"}});
  EXPECT_EQ(users.cell("users", "email"), "anna@example.org");
  EXPECT_EQ(users.cell("users", "name"), "Anna B.");
  EXPECT_EQ(users.cell("users", "roles"), "[user,operator]");
  EXPECT_EQ(users.cell("users", "created_at"), "1700000000000");
  EXPECT_EQ(users.cell("users", "updated_at"), "1700000002000");
  EXPECT_FALSE(users.happen(session, opened())) << "not its concern";
}

TEST(characters_fold, replaces_a_card_and_takes_a_deleted_character_out) {
  folded_projection characters("characters");
  events::character::created made;
  made.character = mira;
  made.published = true;
  made.media_type = "application/json";
  made.card_base64 = "e30=";
  made.profile.name = "Mira";
  characters.happen(card, made);
  EXPECT_EQ(characters.cell("character_cards", "card"), "{}");
  EXPECT_EQ(characters.cell("characters", "version"), "1");
  events::character::card_replaced newer;
  newer.card_version = 2;
  newer.card_base64 = "W10=";
  newer.profile.name = "Mira II";
  characters.happen(card, newer);
  EXPECT_EQ(characters.cell("character_cards", "card"), "[]");
  EXPECT_EQ(characters.cell("characters", "name"), "Mira II");
  EXPECT_EQ(characters.cell("characters", "version"), "2");
  characters.happen(card, events::character::deleted{});
  EXPECT_EQ(characters.all(), "");
}

TEST(characters_fold, refuses_a_card_that_is_no_base64) {
  folded_projection characters("characters");
  events::character::created made;
  made.character = mira;
  made.card_base64 = "!";
  EXPECT_THROW(characters.happen(card, made), projections::fold_failure);
}

TEST(conversations_fold, takes_its_title_from_the_first_message_and_closes) {
  folded_projection conversations("conversations");
  conversations.happen(session, opened());
  conversations.happen(session, talk::message_sent{message(1), {}, "Do you know Bern?", {}});
  conversations.happen(session, talk::message_sent{message(2), message(1), "Another thing", {}});
  EXPECT_EQ(conversations.cell("conversations", "title"), "Do you know Bern?");
  conversations.happen(session, talk::message_edited{message(3), message(1), "Do you know Basel?"});
  EXPECT_EQ(conversations.cell("conversations", "title"), "Do you know Basel?");
  EXPECT_EQ(conversations.cell("conversations", "state"), "open");
  conversations.happen(session, talk::closed{{session.id}});
  EXPECT_EQ(conversations.cell("conversations", "state"), "closed");
  EXPECT_EQ(conversations.cell("conversations", "last_offset"), "4");
  EXPECT_EQ(conversations.cell("conversations", "last_sequence"), "5");
}

TEST(conversations_fold, refuses_what_happens_in_a_conversation_that_was_never_opened) {
  folded_projection conversations("conversations");
  EXPECT_THROW(conversations.happen(session, talk::message_sent{message(1), {}, "hello", {}}), projections::fold_failure);
}

TEST(messages_fold, keeps_the_active_branch_through_edits_and_deletions) {
  folded_projection messages("messages");
  messages.happen(session, opened());
  messages.happen(session, talk::message_sent{message(1), {}, "one", {}});
  messages.happen(session, talk::reply_started{message(2), message(1), 1});
  EXPECT_EQ(messages.cell("messages", "state", message(2).value), "generating");
  messages.happen(session, talk::reply_completed{message(2), 1, "two", "stop", "model", {}, "{}"});
  EXPECT_EQ(messages.cell("messages", "content", message(2).value), "two");
  EXPECT_EQ(messages.cell("messages", "depth", message(2).value), "1");
  messages.happen(session, talk::message_edited{message(3), message(1), "one, better"});
  EXPECT_EQ(messages.cell("messages", "on_branch", message(1).value), "false");
  EXPECT_EQ(messages.cell("messages", "on_branch", message(3).value), "true");
  messages.happen(session, talk::branch_selected{message(2)});
  EXPECT_EQ(messages.cell("messages", "on_branch", message(1).value), "true");
  EXPECT_EQ(messages.cell("messages", "on_branch", message(3).value), "false");
  messages.happen(session, talk::message_deleted{message(2), {message(2)}, message(1)});
  EXPECT_EQ(messages.cell("messages", "content", message(2).value), "no row");
  EXPECT_EQ(messages.cell("threads", "leaf_id"), events::to_string(message(1).value));
}

TEST(messages_fold, shows_the_last_attempt_at_a_reply) {
  folded_projection messages("messages");
  messages.happen(session, opened());
  messages.happen(session, talk::message_sent{message(1), {}, "one", {}});
  messages.happen(session, talk::reply_started{message(2), message(1), 1});
  messages.happen(session, talk::reply_failed{message(2), 1, "model_unavailable", "try again", true});
  EXPECT_EQ(messages.cell("messages", "error_code", message(2).value), "model_unavailable");
  messages.happen(session, talk::reply_started{message(2), message(1), 2});
  messages.happen(session, talk::reply_completed{message(2), 2, "at last", "stopped", "model", {}, "{}"});
  EXPECT_EQ(messages.cell("messages", "state", message(2).value), "stopped");
  EXPECT_EQ(messages.cell("messages", "attempt", message(2).value), "2");
  EXPECT_EQ(messages.rows("messages").size(), 2U);
}

TEST(bonds_fold, keeps_every_cause_and_the_last_value_of_each_axis) {
  folded_projection bonds("bonds");
  bonds.happen(feelings, bond::conversation_opened{{session.id}, anna, mira});
  bonds.happen(feelings, bond::affinity_changed{"affection", 0.1, 0.2, "kind_word", "said something kind", message(1), 1});
  bonds.happen(feelings, bond::affinity_changed{"affection", 0.1, 0.3, "kind_word", "said something kind", message(2), 1});
  EXPECT_EQ(bonds.cell("bonds", "axes"), R"({"affection":0.3})");
  EXPECT_EQ(bonds.rows("bond_causes").size(), 2U);
  bonds.happen(feelings, bond::conversation_opened{{session.id}, anna, mira});
  EXPECT_EQ(bonds.rows("bonds").size(), 1U) << "opened again, not made again";
}

TEST(every_fold, leaves_the_rows_as_they_are_where_it_wants_nothing) {
  for (const auto* each : projections::all_folds()) {
    folded_projection one(each->name());
    EXPECT_FALSE(one.happen({entity_kind::partition, numbered_uuid(9)}, events::partition::owner_announced{})) << each->name();
    EXPECT_EQ(one.all(), "");
  }
}

} // namespace
} // namespace reverie::tests
