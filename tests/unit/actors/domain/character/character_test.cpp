#include "actors/domain/character/state.hpp"
#include "events/model/limits.hpp"
#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

namespace limits = events::limits;
using namespace actors::character;
using events::rejection_code;

const events::user_id owner{test_id(1)};
const events::user_id other{test_id(2)};

given_when_then a_character() { return given_when_then{{{events::entity_kind::character, test_id(9)}, test_id(9)}}; }

events::character::profile profile_of(std::string name) {
  events::character::profile profile;
  profile.name = std::move(name);
  return profile;
}

create_character creation(std::optional<events::user_id> of, bool published = false) {
  return {of, published, "application/json", "e30=", "V2", profile_of("Mira")};
}

replace_card replacement(std::string card) { return {"application/json", std::move(card), "V2", profile_of("Mira II")}; }

TEST(character, is_created_once_by_its_owner) {
  auto mira = a_character();
  mira.by(owner).when(command{creation(owner)}).then<events::character::created>();
  EXPECT_EQ(mira.subject(), test_id(9));
  mira.when(command{creation(owner)}).then_nothing();
  auto changed = creation(owner);
  changed.card_base64 = "e319";
  mira.when(command{changed}).then_rejected(rejection_code::conflict);
}

TEST(character, is_not_created_for_somebody_else) {
  a_character().by(other).when(command{creation(owner)}).then_rejected(rejection_code::permission_denied, "owner_id");
  a_character().by(other).when(command{creation({})}).then_rejected(rejection_code::permission_denied, "owner_id");
  a_character().by_the_system().when(command{creation({}, true)}).then<events::character::created>();
}

TEST(character, needs_a_card_within_the_limits) {
  auto card = creation(owner);
  card.media_type = "text/html";
  a_character().when(command{card}).then_rejected(rejection_code::validation_error, "media_type");
  card = creation(owner), card.card_spec = "V9";
  a_character().when(command{card}).then_rejected(rejection_code::validation_error, "card_spec");
  card = creation(owner), card.card_base64.clear();
  a_character().when(command{card}).then_rejected(rejection_code::validation_error, "card");
  card = creation(owner), card.card_base64.assign((limits::card_bytes + 2) / 3 * 4 + 1, 'A');
  a_character().when(command{card}).then_rejected(rejection_code::too_large, "card");
  card.card_base64.pop_back();
  a_character().when(command{card}).then<events::character::created>();
  card = creation(owner), card.profile.name.clear();
  a_character().when(command{card}).then_rejected(rejection_code::validation_error, "name");
  card.profile.name.assign(limits::name_bytes + 1, 'n');
  a_character().when(command{card}).then_rejected(rejection_code::validation_error, "name");
}

TEST(character, keeps_older_cards_for_the_conversations_that_began_with_them) {
  auto mira = a_character();
  mira.by(owner).when(command{creation(owner)}).when(command{replacement("e319")}).then<events::character::card_replaced>();
  const auto& now = mira.state<state>();
  EXPECT_EQ(mira.event<events::character::card_replaced>().card_version, 2U);
  EXPECT_EQ(card_of(now, 1)->profile.name, "Mira");
  EXPECT_EQ(card_of(now, 2)->profile.name, "Mira II");
  EXPECT_EQ(newest_card(now), card_of(now, 2));
  mira.when(command{replacement("e319")}).then_nothing();
}

TEST(character, keeps_a_limited_number_of_cards_and_falls_back_to_the_oldest) {
  auto mira = a_character();
  mira.by(owner).when(command{creation(owner)});
  for (std::size_t i = 0; i < limits::card_versions_kept_per_character; ++i) mira.when(command{replacement("card" + std::to_string(i))});
  const auto& now = mira.state<state>();
  EXPECT_EQ(now.cards.size(), limits::card_versions_kept_per_character);
  EXPECT_EQ(card_of(now, 1), card_of(now, 2));
}

TEST(character, is_changed_and_deleted_by_its_owner_only) {
  auto secret = a_character();
  secret.by(owner).when(command{creation(owner)});
  secret.by(other).when(command{replacement("x")}).then_rejected(rejection_code::not_found, "character_id");
  secret.by(other).when(command{delete_character{}}).then_rejected(rejection_code::not_found, "character_id");
  auto known = a_character();
  known.by(owner).when(command{creation(owner, true)});
  known.by(other).when(command{delete_character{}}).then_rejected(rejection_code::permission_denied);
  known.by(owner).when(command{delete_character{}}).then<events::character::deleted>();
  known.when(command{delete_character{}}).then_nothing();
  known.when(command{replacement("x")}).then_rejected(rejection_code::not_found, "character_id");
  known.when(command{creation(owner)}).then_rejected(rejection_code::conflict);
}

TEST(character, is_sealed_for_its_owner_from_the_first_command_on) {
  auto mira = a_character();
  const actors::any_command create = command{creation(owner)};
  EXPECT_EQ(actors::sealed_for(mira.self(), mira.logic(), &create), owner);
  EXPECT_TRUE(actors::sealed_for(mira.self(), mira.logic(), nullptr).is_nil());
  mira.when(create);
  EXPECT_EQ(actors::sealed_for(mira.self(), mira.logic(), nullptr), owner);
}

} // namespace
} // namespace reverie::tests
