#include "projections/postgres/migrations.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "tests/support/folding.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace reverie::tests {
namespace {

namespace talk = events::session;
namespace bond = events::bond;
using events::entity_kind;

/// What a version of a projection is: its tables, and the rows that a life makes of it.
struct golden {
  std::string_view projection;
  std::uint32_t version;
  std::string_view tables, rows; ///< the first 16 digits of BLAKE2b-256
};

/// When this test fails, a projection changed. Data that was folded before is not as the new code would fold it: raise `version()` of
/// the fold, put the new digests (the test prints them) beside the new version here, and rebuild where it serves
/// (docs/OPERATING.md). A digest of a version that was ever released must not be changed.
constexpr golden goldens[] = {
    {"users", 1, "681befbf6360479d", "4716fbef7ee2e5f8"},
    {"characters", 1, "6c7c7e6fe5328bc0", "35d257343cb0c5dc"},
    {"conversations", 1, "44b19a92e3f024b3", "10da13c77ea96334"},
    {"conversations", 2, "427fcdf4a37a96bc", "96fefcb274c7da23"},
    {"messages", 1, "f0fc2239535e30e7", "b1ec78796ca2c8e4"},
    {"messages", 2, "dde0ace6dba32729", "9c215cfdde20932b"},
    {"memories", 1, "3edca79ce6414d90", "3602298c86306eb2"},
    {"bonds", 1, "b7e06a8fd63fbfe3", "288af45d973e6e70"},
    {"forks", 1, "a31e5e8b5112d769", "355480934dcfbfb4"},
};

/// Something of everything that can happen.
std::string life_of(std::string_view projection) {
  folded_projection one(projection);
  const events::user_id anna{numbered_uuid(1)};
  const events::character_id mira{numbered_uuid(2)};
  const events::entity_ref person{entity_kind::user, anna.value}, card{entity_kind::character, mira.value}, session{entity_kind::session, numbered_uuid(3)},
      feelings{entity_kind::bond, events::bond_of(anna, mira).value};
  const auto message = [](std::uint64_t number) { return events::message_id{numbered_uuid(100 + number)}; };
  const auto memory = [](std::uint64_t number) { return events::memory_id{numbered_uuid(500 + number)}; };
  one.happen(person, events::user::registered{anna, "anna@example.org", "Anna", {"user"}});
  one.happen(person, events::user::profile_changed{"Anna B."});
  one.happen(person, events::user::roles_changed{{"operator"}});
  events::character::created made;
  made.character = mira;
  made.media_type = "application/json";
  made.card_base64 = "e30=";
  made.profile.name = "Mira";
  made.profile.tags = {"sea", "light"};
  one.happen(card, made);
  one.happen(feelings, bond::conversation_opened{{session.id}, anna, mira});
  one.happen(session, talk::opened{{session.id}, anna, mira, 1, message(0), "Hello, sailor."});
  one.happen(session, talk::message_sent{message(1), message(0), "I live in Bern and have two dogs called Rex and Bruno", {}});
  one.happen(session, talk::reply_started{message(2), message(1), 1});
  one.happen(session, talk::reply_failed{message(2), 1, "model_unavailable", "try again", true});
  one.happen(session, talk::reply_started{message(2), message(1), 2});
  one.happen(session, talk::reply_completed{message(2), 2, "How old are they?", "stop", "model", {}, R"({"pieces":[]})"});
  one.happen(feelings, bond::fact_learned{memory(1), "home", "user", "Bern", "The user lives in Bern", {session.id}, message(1), std::nullopt, "rules/1"});
  one.happen(feelings, bond::fact_learned{memory(2), "pet", "dog", "Rex", "The user's dog is called Rex", {session.id}, message(1), std::nullopt, "rules/1"});
  one.happen(feelings, bond::affinity_changed{"affection", 0.1, 0.2, "kind_word", "said something kind", message(1), 1});
  one.happen(session, talk::message_sent{message(3), message(2), "Rex is four. I moved to Basel last week", {}});
  one.happen(feelings, bond::fact_closed{memory(1), memory(3), message(3), events::from_milliseconds(1'700'000'000'000)});
  one.happen(feelings, bond::fact_learned{memory(3), "home", "user", "Basel", "The user lives in Basel", {session.id}, message(3), std::nullopt, "rules/1"});
  one.happen(session, talk::message_edited{message(4), message(3), "Rex is five. I moved to Basel last week"});
  one.happen(feelings, bond::fact_retracted{memory(3), {memory(1)}});
  one.happen(session, talk::reply_started{message(5), message(4), 1});
  one.happen(session, talk::reply_completed{message(5), 1, "A good age for Rex.", "stopped", "model", {}, "{}", {memory(1), memory(2)}});
  one.happen(session, talk::branch_selected{message(3)});
  one.happen(session, talk::branch_selected{message(5)});
  one.happen(feelings, bond::memory_forgotten{memory(2), {}, {message(1)}});
  one.happen(session, talk::message_sent{message(6), message(5), "to be deleted", {}});
  one.happen(session, talk::message_deleted{message(6), {message(6)}, message(5)});
  one.happen(session, talk::closed{{session.id}});
  talk::forked copy;
  copy.session = {numbered_uuid(30)};
  copy.user = anna;
  copy.character = mira;
  copy.origin = {session.id};
  copy.origin_sequence = {9};
  copy.model = "another";
  one.happen({entity_kind::forked_session, numbered_uuid(30)}, copy);
  one.happen({entity_kind::forked_session, numbered_uuid(30)}, talk::message_sent{message(7), {}, "and then?", {}});
  return one.all();
}

TEST(fold_versions, are_raised_when_tables_or_what_goes_into_them_change) {
  for (const auto* each : projections::all_folds()) {
    const auto script = projections::schema_script_of(*each, "any");
    ASSERT_TRUE(script) << each->name();
    const auto tables = script->checksum.substr(0, 16), rows = projections::checksum_of(life_of(each->name())).substr(0, 16);
    const auto known = std::ranges::find_if(goldens, [&](const auto& one) { return one.projection == each->name() && one.version == each->version(); });
    const auto fresh = "{\"" + std::string(each->name()) + "\", " + std::to_string(each->version()) + ", \"" + tables + "\", \"" + rows + "\"},";
    ASSERT_NE(known, std::end(goldens)) << "note the new version: " << fresh;
    EXPECT_EQ(known->tables, tables) << "the tables changed: raise version() of " << each->name() << " and note " << fresh;
    EXPECT_EQ(known->rows, rows) << "what goes into the tables changed: raise version() of " << each->name() << " and note " << fresh << "\n" << life_of(each->name());
  }
}

TEST(fold_versions, leave_no_table_empty_in_the_life_that_is_compared) {
  for (const auto* each : projections::all_folds())
    for (const auto* table : each->tables())
      EXPECT_TRUE(life_of(each->name()).contains(std::string(table->name) + "|")) << each->name() << " " << table->name;
}

} // namespace
} // namespace reverie::tests
