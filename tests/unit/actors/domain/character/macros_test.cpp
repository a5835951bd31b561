#include "actors/domain/character/macros.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using actors::character::macro_names;
using actors::character::replace_macros;

TEST(macros, are_replaced_in_any_case_and_old_form) {
  const macro_names names{"Mira", "Tom"};
  EXPECT_EQ(replace_macros("{{char}} {{CHAR}} {{ User }} <BOT> <bot> <User>", names), "Mira Mira Tom Mira Mira Tom");
}

TEST(macros, take_out_comments_and_leave_what_they_do_not_know) {
  EXPECT_EQ(replace_macros("a{{// hidden }}b{{comment: no}}c {{roll:6}} {{char <b> {x}", {"Mira", "Tom"}), "abc {{roll:6}} {{char <b> {x}");
}

TEST(macros, do_not_look_at_what_a_name_brings_in) {
  EXPECT_EQ(replace_macros("{{char}}", {"{{user}}", "Tom"}), "{{user}}");
  EXPECT_EQ(replace_macros("{{original}}!", {"M", "T"}, "{{char}}"), "{{char}}!");
}

} // namespace
} // namespace reverie::tests
