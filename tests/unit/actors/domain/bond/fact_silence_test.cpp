#include "actors/domain/bond/fact_rules.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace reverie::actors::bond {
namespace {

// Saturday, 21 November 2026, noon.
const events::timestamp said_at = *events::parse_rfc3339("2026-11-21T12:00:00Z");

class not_told : public testing::TestWithParam<std::string_view> {};

TEST_P(not_told, gives_no_fact) {
  for (const auto& fact : facts_in({GetParam(), said_at}))
    ADD_FAILURE() << GetParam() << " gave " << fact.sentence << " by " << fact.rule;
}

// Questions, conditions, fiction, hearsay, quotations, moods, things said of others, and other languages.
constexpr std::string_view cases[] = {
    "I'm tired",
    "im tired",
    "Call me later",
    "If I were rich, I'd live in Paris",
    "She said my name is Tom",
    "He told me \"I live in Rome\"",
    "Is my name Anna?",
    "What is my name?",
    "Do you know my dog is named Bruno",
    "I like your hair",
    "I love you",
    "I'd like a coffee",
    "I feel like crying",
    "I look like my mom",
    "I'm 30 minutes late",
    "I'm 100% sure",
    "I wish I lived in Paris",
    "The book I love is Dune",
    "I'm OK",
    "I'm Batman",
    "When I was 10 I lived in Rome",
    "Maybe I'm Anna",
    "*my name is Vampire* hello",
    "> my name is Quoted",
    "I live in fear",
    "I have a hot dog",
    "I hate when people lie",
    "I love how you talk",
    "I don't think I like jazz",
    "People say I'm Anna",
    "I'm a single mother",
    "I'm a big eater",
    "I'm a good cook",
    "I had an exam yesterday",
    "I'm polishing my shoes",
    "I'm Anna's friend",
    "I'm Team Edward",
    "I AM SO TIRED",
    "I'm FINE",
    "I'm Monday to Friday in the office",
    "This song says I'm yours",
    "In my story I'm a knight called Roland",
    "Imagine I'm a pirate and my name is Jack",
    "Let's pretend I live in Mars",
    "As a joke I said I'm Batman",
    "Suppose my dog is named Rex",
    "Unless I'm wrong, my name is Bo",
    "Everyone thinks I'm Paul",
    "My character is called Zed",
    "Your name is Luna",
    "You live in Paris",
    "He lives in Paris",
    "The dog is called Rex",
    "Tom's dog is named Rex",
    "My sister's dog is named Rex",
    "I love it",
    "I love that",
    "I love my dog",
    "I like the way you think",
    "I like what you did",
    "I would love a pet",
    "I want a dog",
    "I wish I had a dog named Rex",
    "'my name is Quoted'",
    "“I am Anna” is what she said",
    "```my name is Code```",
    "I'm in love",
    "I'm on my way",
    "I'm just kidding, my name is Foo",
    "Я живу в Москве",
    "私の名前は花子です",
    "my name is not important",
    "my name is a secret",
    "I live here",
    "I live with my parents",
    "I live for music",
    "I live in the past",
    "I'm 5 feet tall",
    "I'm 200 years old",
    "People call me crazy",
    "Are you Anna",
    "am I Anna",
    "I hate to say it",
    "I have a fever",
    "I'm sick",
    "I'm hungry, Luna",
    "I'm Luna's biggest fan",
    "I'm Sorry",
    "I'm Really tired",
    "hi im sam",
    "What's my dog's name?",
    "Do you remember where I live?",
    "I dreamed that I live in Rome",
    "The doctor says I'm allergic to nuts",
    "I had a dog called Rex when I was a child",
    "My dream is to live in Rome",
    "You said my name is Tom",
};
INSTANTIATE_TEST_SUITE_P(utterances, not_told, testing::ValuesIn(cases));

} // namespace
} // namespace reverie::actors::bond
