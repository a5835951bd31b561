#include "actors/domain/bond/fact_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace reverie::actors::bond {
namespace {

// Saturday, 21 November 2026, noon.
const events::timestamp said_at = *events::parse_rfc3339("2026-11-21T12:00:00Z");

// A fact in short: `-` when it ended, attribute/subject=value, `!` when exclusive, `@` the day it holds from.
std::string in_short(const std::vector<extracted_fact>& facts) {
  std::string text;
  for (const auto& fact : facts) {
    text += text.empty() ? "" : "; ";
    if (fact.change == fact_change::ended) text += '-';
    text.append(attribute_name(fact.attribute))
        .append("/")
        .append(fact.subject)
        .append("=")
        .append(fact.value);
    if (fact.exclusive) text += '!';
    if (fact.valid_from) text += " @" + events::format_rfc3339(*fact.valid_from).substr(0, 10);
  }
  return text;
}

struct told_case {
  std::string_view said;
  std::string_view learned;
};

class told : public testing::TestWithParam<told_case> {};

TEST_P(told, gives_these_facts) {
  const auto facts = facts_in({GetParam().said, said_at});
  EXPECT_EQ(in_short(facts), GetParam().learned) << GetParam().said;
  for (const auto& fact : facts) {
    EXPECT_FALSE(fact.sentence.empty());
    EXPECT_FALSE(fact.rule.empty());
    EXPECT_GT(fact.confidence, 0);
    EXPECT_LT(fact.source.begin, fact.source.end);
    EXPECT_LE(fact.source.end, GetParam().said.size());
  }
}

const told_case cases[] = {
    {"My name is Anna", "name/user=Anna!"},
    {"my name is anna", "name/user=anna!"},
    {"I'm Anna", "name/user=Anna!"},
    {"I’m José and I live in Porto.", "name/user=José!; home/user=Porto!"},
    {"my name's José", "name/user=José!"},
    {"call me Ann", "name/nickname=Ann!"},
    {"You can call me Ann, ok?", "name/nickname=Ann!"},
    {"call me crazy but I love rain", "like/user=rain"},
    {"My friend is called Tom", "family/friend=Tom"},
    {"My best friend Tom lives in Leeds", "family/best friend=Tom; home/best friend Tom=Leeds!"},
    {"my dog's name is Bruno", "pet/dog=Bruno"},
    {"My dog is named Bruno", "pet/dog=Bruno"},
    {"I have a dog called Bruno", "pet/dog=Bruno"},
    {"I have a dog. His name is Bruno.", "pet/dog=Bruno"},
    {"I have a small brown dog named Bruno and a cat called Mia", "pet/dog=Bruno; pet/cat=Mia"},
    {"I have a cat and a dog", "pet/cat=cat; pet/dog=dog"},
    {"we moved to Berlin last year", "home/user=Berlin! @2025-01-01"},
    {"I work as a nurse", "work/user=nurse!"},
    {"I'm a nurse", "work/user=nurse!"},
    {"I'm a senior software engineer at Google", "work/user=senior software engineer!"},
    {"I work at Google", "work/employer=Google!"},
    {"I'm allergic to peanuts and shellfish", "health/allergy=peanuts; health/allergy=shellfish"},
    {"my birthday is on 3 May", "date/birthday=3 May!"},
    {"My birthday is May 3rd, 1990", "date/birthday=May 3rd, 1990!"},
    {"I have a recital on Friday", "plan/user=recital @2026-11-27"},
    {"my sister Ana lives in Porto", "family/sister=Ana; home/sister Ana=Porto!"},
    {"my sister's name is Ana", "family/sister=Ana"},
    {"I don't work there any more", "-work/user="},
    {"I don't live in Berlin anymore", "-home/user=Berlin"},
    {"actually my name is Eva", "name/user=Eva!"},
    {"My name isn't Anna, it's Eva", "-name/user=Anna; name/user=Eva!"},
    {"I love hiking", "like/user=hiking"},
    {"I hate hiking now", "dislike/user=hiking"},
    {"I don't like coffee any more", "dislike/user=coffee"},
    {"I'm Anna, and you?", "name/user=Anna!"},
    {"My name is Anna, what's yours?", "name/user=Anna!"},
    {"I'm 30", "age/user=30!"},
    {"I'm 30 years old", "age/user=30!"},
    {"I turned 30 yesterday", "age/user=30! @2026-11-20"},
    {"I'm from Brazil", "home/origin=Brazil!"},
    {"I'm Brazilian", "home/nationality=Brazilian"},
    {"I've lived in Lisbon since 2020", "home/user=Lisbon! @2020-01-01"},
    {"I have lived in New York for three years", "home/user=New York! @2023-11-21"},
    {"Tomorrow I have an exam", "plan/user=exam @2026-11-22"},
    {"I'm flying to Rome next Friday", "plan/user=flying to Rome @2026-11-27"},
    {"I'm going to Paris next week", "plan/user=going to Paris @2026-11-23"},
    {"I'm going to visit my parents tomorrow", "plan/user=visit my parents @2026-11-22"},
    {"My exam is on Monday", "plan/user=exam @2026-11-23"},
    {"I'm planning to learn Spanish", "plan/user=learn Spanish"},
    {"My favourite colour is blue", "like/favourite colour=blue!"},
    {"my favorite food is sushi", "like/favourite food=sushi!"},
    {"Dune is my favourite book", "like/favourite book=Dune!"},
    {"I'm a big fan of Taylor Swift", "like/user=Taylor Swift"},
    {"I can't stand cilantro", "dislike/user=cilantro"},
    {"I'm vegan", "health/user=vegan"},
    {"I have asthma", "health/user=asthma"},
    {"I have two kids", "family/children=two kids!"},
    {"I'm married to Eva", "family/partner=Eva; family/relationship=married!"},
    {"I used to live in London", "-home/user=London"},
    {"I quit my job last week", "-work/user= @2026-11-09"},
    {"I'm no longer a nurse", "-work/user=nurse"},
    {"My wife is a doctor", "work/wife=doctor!"},
    {"My son is 5", "age/son=5!"},
    {"My dog Bruno died last year", "-pet/dog=Bruno @2025-01-01; pet/dog Bruno=passed away @2025-01-01"},
    {"I'm not Anna", "-name/user=Anna"},
    {"I like cats, dogs and old trains.", "like/user=cats; like/user=dogs; like/user=old trains"},
    {"I love tea, Luna", "like/user=tea"},
    {"Hi Luna, I'm Anna, 28, from Porto", "name/user=Anna!; age/user=28!"},
    {"I was born in Porto", "home/birthplace=Porto!"},
    {"I was born on 3 May 1990", "date/birthday=3 May 1990!"},
    {"I was born in 1990", "date/birth year=1990!"},
    {"My mom is called Rosa and my dad is called Luis", "family/mother=Rosa; family/father=Luis"},
    {"My brother works at Siemens", "work/brother=Siemens"},
    {"I live in a small town near Munich", "home/user=a small town near Munich!"},
    {"i live in berlin", "home/user=berlin!"},
    {"I work in marketing", "work/field=marketing!"},
    {"I teach maths", "work/teaching=maths!"},
    {"I study physics in Lisbon", "work/studies=physics!"},
    {"I have a peanut allergy", "health/allergy=peanut"},
    {"my grandmother passed away last month", "family/grandmother=passed away @2026-10-01"},
    {"My cat is now called Luna", "pet/cat=Luna!"},
    {"we renamed the dog to Max", "pet/dog=Max!"},
    {"Sarah and I are going to the cinema tonight", "plan/user=going to the cinema @2026-11-21"},
    {"I don't have a dog", "-pet/dog="},
    {"my friends call me Nina", "name/nickname=Nina!"},
    {"I love playing chess with my brother", "like/user=playing chess with my brother"},
    {"I'm going hiking tomorrow", "plan/user=going hiking @2026-11-22"},
    {"I'm Anna from Porto", "name/user=Anna!; home/origin=Porto!"},
    {"I'm not a nurse any more", "-work/user=nurse"},
    {"My wife's name is Eva and she works at Siemens.", "family/wife=Eva"},
    {"My mum's called Rosa", "family/mother=Rosa"},
    {"We moved to Lisbon in June", "home/user=Lisbon! @2026-06-01"},
    {"I moved to Oslo two years ago", "home/user=Oslo! @2024-11-21"},
    {"I'm moving to Berlin next month", "plan/user=moving to Berlin @2026-12-01"},
    {"I just started working at Siemens last month", "work/employer=Siemens! @2026-10-01"},
    {"I got a new job at the city library", "work/employer=city library!"},
    {"I am retired", "work/user=retired!"},
    {"I'm a student at MIT", "work/user=student!"},
    {"I'm studying physics", "work/studies=physics!"},
    {"My job is translator", "work/user=translator!"},
    {"I lost my job", "-work/user="},
    {"I'm not vegan anymore", "-health/user=vegan"},
    {"I'm no longer allergic to cats", "-health/allergy=cats"},
    {"I don't eat meat", "health/diet=no meat"},
    {"I hate Mondays", "dislike/user=Mondays"},
    {"I am not a fan of horror films", "dislike/user=horror films"},
    {"I used to like techno", "-like/user=techno"},
    {"I don't hate cats", "-dislike/user=cats"},
    {"We adopted a puppy called Bo yesterday", "pet/dog=Bo"},
    {"Our cat Mia is 3 years old", "pet/cat=Mia; age/cat=3!"},
    {"My dog's name is actually Max", "pet/dog=Max!"},
    {"I have a dog whose name is lost on me", "pet/dog=dog"},
    {"My little brother Leo moved to Rome", "family/little brother=Leo; home/little brother Leo=Rome!"},
    {"My brother Leo is 12", "family/brother=Leo; age/brother Leo=12!"},
    {"My sister's birthday is on 4 June", "date/sister birthday=4 June!"},
    {"I broke up with my girlfriend last week", "-family/girlfriend= @2026-11-09"},
    {"I'm single", "family/relationship=single!"},
    {"I have no siblings", "family/siblings=no siblings!"},
    {"I'm an only child", "family/siblings=only child!"},
    {"We don't have any kids", "family/children=no kids!"},
    {"My wedding anniversary is June 12", "date/anniversary=June 12!"},
    {"I have a dentist appointment tomorrow at 5pm", "plan/user=dentist appointment @2026-11-22"},
    {"We're getting married in June", "plan/user=getting married @2027-06-01"},
    {"Next week I have an interview", "plan/user=interview @2026-11-23"},
    {"My interview got cancelled", "-plan/user=interview"},
    {"I'm from Japan, actually", "home/origin=Japan!"},
    {"I'm German", "home/nationality=German"},
    {"My name is 花子", "name/user=花子!"},
    {"My name is Élodie", "name/user=Élodie!"},
    {"My name is Anna-Maria Lopez de la Cruz", "name/user=Anna-Maria Lopez de la Cruz!"},
    {"My name is O'Brien", "name/user=O'Brien!"},
    {"I live in New York City", "home/user=New York City!"},
    {"I live in the Netherlands", "home/user=the Netherlands!"},
    {"I'm 12", "age/user=12!"},
    {"I'm 25, and I work as a baker in Leeds.", "age/user=25!; work/user=baker!"},
    {"I'm twenty-five years old", "age/user=25!"},
    {"I'm gonna visit my aunt tomorrow", "plan/user=visit my aunt @2026-11-22"},
    {"I will start a new course next week", "plan/user=start a new course @2026-11-23"},
    {"I think I'm Anna", "name/user=Anna!"},
    {"I told you my name is Anna", "name/user=Anna!"},
    {"I said I live in Porto", "home/user=Porto!"},
    {"Don't call me Ann", "-name/nickname=Ann"},
    {"I go by Nico", "name/nickname=Nico!"},
    {"Stop calling me Ann", "-name/nickname=Ann"},
    {"I love you and I live in Rome", "home/user=Rome!"},
    {"I love to swim", "like/user=to swim"},
    {"I'm into board games", "like/user=board games"},
    {"I'm obsessed with old maps", "like/user=old maps"},
    {"I have diabetes", "health/user=diabetes"},
    {"I was diagnosed with ADHD last year", "health/user=ADHD @2025-01-01"},
    {"I can't stand the cold", "dislike/user=the cold"},
    {"I love rock and roll", "like/user=rock and roll"},
    {"Hey! I'm Marco. I've got a dog named Pixel and I work as a teacher in Turin.",
     "name/user=Marco!; pet/dog=Pixel; work/user=teacher!"},
    {"My dog is a corgi named Biscuit", "pet/dog=Biscuit"},
    {"I have a golden retriever named Max", "pet/dog=Max"},
    {"We have two dogs, Max and Bella", "pet/dogs=two dogs!; pet/dog=Max; pet/dog=Bella"},
    {"I have two cats named Mia and Leo", "pet/cats=two cats!; pet/cat=Mia; pet/cat=Leo"},
    {"My cats are named Mia and Leo", "pet/cat=Mia; pet/cat=Leo"},
    {"I actually moved from Berlin to Hamburg", "home/user=Hamburg!"},
    {"I don't live in Porto any more, I moved to Lisbon", "-home/user=Porto; home/user=Lisbon!"},
    {"I no longer like coffee", "-like/user=coffee"},
    {"My daughter Emma turned 6 today", "family/daughter=Emma; age/daughter Emma=6!"},
    {"Remember that my name is Ana", "name/user=Ana!"},
    {"I have an interview at Google on Tuesday", "plan/user=interview @2026-11-24"},
    {"On Friday I'm flying to Madrid", "plan/user=flying to Madrid @2026-11-27"},
    {"My name's not Tom.", "-name/user=Tom"},
    {"my name is Tim not Tom", "name/user=Tim!"},
    {"I changed my name to Alex", "name/user=Alex!"},
    {"My dog's name isn't Bruno, it's Bruce", "-pet/dog=Bruno; pet/dog=Bruce"},
    {"MY NAME IS ANNA", "name/user=ANNA!"},
};
INSTANTIATE_TEST_SUITE_P(statements, told, testing::ValuesIn(cases));

} // namespace
} // namespace reverie::actors::bond
