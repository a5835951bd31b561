#include "tests/support/folding.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

namespace talk = events::session;
using events::entity_kind;

const events::entity_ref fork{entity_kind::forked_session, numbered_uuid(30)};

talk::forked copy() {
  talk::forked made;
  made.session = {fork.id};
  made.user = {numbered_uuid(1)};
  made.character = {numbered_uuid(2)};
  made.origin = {numbered_uuid(3)};
  made.origin_sequence = {9};
  made.model = "another";
  return made;
}

TEST(forks_fold, keeps_a_row_for_each_fork_and_counts_what_was_said_in_it) {
  folded_projection forks("forks");
  forks.happen(fork, copy());
  forks.happen(fork, talk::message_sent{{numbered_uuid(40)}, {}, "hello", {}});
  forks.happen(fork, talk::reply_completed{{numbered_uuid(41)}, 1, "hi", "stop", "another", {}, "{}"});
  EXPECT_EQ(forks.cell("forks", "messages"), "2");
  EXPECT_EQ(forks.cell("forks", "origin_sequence"), "9");
  forks.happen(fork, talk::closed{{fork.id}});
  EXPECT_EQ(forks.cell("forks", "state"), "closed");
}

TEST(forks_fold, keeps_one_row_for_a_copy_that_comes_in_parts) {
  folded_projection forks("forks");
  forks.happen(fork, copy());
  const auto one = forks.all();
  forks.happen(fork, copy());
  EXPECT_EQ(forks.all(), one);
}

TEST(every_fold, of_what_people_have_leaves_forks_out) {
  for (const auto* each : projections::all_folds()) {
    if (each->of_forks()) continue;
    folded_projection one(each->name());
    EXPECT_FALSE(one.happen(fork, talk::opened{{fork.id}, {numbered_uuid(1)}, {numbered_uuid(2)}, 1, {}, ""})) << each->name();
    EXPECT_FALSE(one.happen(fork, talk::message_sent{{numbered_uuid(40)}, {}, "hello", {}})) << each->name();
    EXPECT_FALSE(one.happen({entity_kind::forked_bond, numbered_uuid(31)}, events::bond::fact_learned{})) << each->name();
    EXPECT_EQ(one.all(), "");
  }
}

TEST(forks_fold, holds_no_conversation_of_people) {
  folded_projection forks("forks");
  EXPECT_FALSE(forks.happen({entity_kind::session, numbered_uuid(3)}, talk::message_sent{{numbered_uuid(40)}, {}, "hello", {}}));
}

} // namespace
} // namespace reverie::tests
