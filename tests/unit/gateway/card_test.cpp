#include "gateway/wire/character_card.hpp"
#include "gateway/wire/png_text.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spng.h>

#include <cstring>
#include <random>

namespace reverie::gateway {
namespace {

using nlohmann::json;

/// A small picture with text chunks, made by a PNG library we did not write.
std::string png_with(std::vector<std::pair<std::string, std::string>> texts, int type = SPNG_TEXT) {
  spng_ctx* encoder = spng_ctx_new(SPNG_CTX_ENCODER);
  spng_set_option(encoder, SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{2, 2, 8, SPNG_COLOR_TYPE_TRUECOLOR, 0, 0, 0};
  spng_set_ihdr(encoder, &header);
  std::vector<spng_text> chunks(texts.size());
  std::string empty;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::strncpy(chunks[i].keyword, texts[i].first.c_str(), 79);
    chunks[i].type = type;
    chunks[i].text = texts[i].second.data();
    chunks[i].length = texts[i].second.size();
    chunks[i].language_tag = chunks[i].translated_keyword = empty.data();
  }
  if (!chunks.empty()) spng_set_text(encoder, chunks.data(), static_cast<std::uint32_t>(chunks.size()));
  std::array<unsigned char, 12> pixels{};
  EXPECT_EQ(spng_encode_image(encoder, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
  std::size_t size = 0;
  int error = 0;
  void* bytes = spng_get_png_buffer(encoder, &size, &error);
  std::string png(static_cast<const char*>(bytes), size);
  std::free(bytes);
  spng_ctx_free(encoder);
  return png;
}

json v2(const std::string& name) {
  return {{"spec", "chara_card_v2"},
          {"spec_version", "2.0"},
          {"data",
           {{"name", name},
            {"description", "{{char}} runs a bookshop. She likes rain."},
            {"first_mes", "Hi"},
            {"alternate_greetings", {"Ho", "Hey"}},
            {"tags", {"calm"}},
            {"character_book", {{"entries", json::array()}, {"x", 1}}},
            {"extensions", {{"anything", true}}}}}};
}

TEST(character_card, reads_version_2) {
  auto card = parse_card_json(v2("Mira").dump());
  ASSERT_TRUE(card) << card.error().message;
  EXPECT_EQ(card->spec, "V2");
  EXPECT_EQ(card->profile.name, "Mira");
  EXPECT_EQ(card->profile.tagline, "Mira runs a bookshop.");
  EXPECT_EQ(card->profile.alternate_greetings, (std::vector<std::string>{"Ho", "Hey"}));
  EXPECT_EQ(json::parse(card->profile.lorebook_json)["x"], 1);
}

TEST(character_card, reads_version_1_and_3) {
  auto first = parse_card_json(R"({"name":"Rex","description":"","personality":"loyal","scenario":"","first_mes":"Woof","mes_example":""})");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->spec, "V1");
  EXPECT_EQ(first->profile.personality, "loyal");
  auto third = parse_card_json(R"({"spec":"chara_card_v3","spec_version":"3.0","data":{"name":"Ann Lee","nickname":"Ann","creator_notes":"A pilot! Much more."}})");
  ASSERT_TRUE(third);
  EXPECT_EQ(third->spec, "V3");
  EXPECT_EQ(third->profile.nickname, "Ann");
  EXPECT_EQ(third->profile.tagline, "A pilot!");
}

TEST(character_card, takes_the_dirt_of_real_cards) {
  auto card = parse_card_json("\xEF\xBB\xBF" R"({"spec":"chara_card_v2","data":{"name":"Mira","description":null,"character_book":null,"tags":"calm",
    "character_version":2.5,"alternate_greetings":[null,"Ho",3],"extensions":"","unknown":{"a":[1]}},"create_date":""})");
  ASSERT_TRUE(card) << card.error().message;
  EXPECT_EQ(card->profile.description, "");
  EXPECT_EQ(card->profile.lorebook_json, "");
  EXPECT_EQ(card->profile.tags, std::vector<std::string>{"calm"});
  EXPECT_EQ(card->profile.character_version, "2.5");
  EXPECT_EQ(card->profile.alternate_greetings, (std::vector<std::string>{"Ho", "3"}));
}

TEST(character_card, refuses_what_is_none) {
  for (const char* bad : {"", "[]", "{}", "nonsense", R"({"data":{"name":""}})", R"({"spec":"lorebook_v3","data":{"name":"x"}})", R"({"name":"a\u0000b"})"}) {
    auto card = parse_card_json(bad);
    ASSERT_FALSE(card) << bad;
    EXPECT_EQ(card.error().status, 422) << bad;
  }
  EXPECT_EQ(parse_card_json(std::string(100'000, '[')).error().code, "unprocessable");
}

TEST(character_card, has_limits_on_bytes_texts_and_name) {
  EXPECT_EQ(parse_card_json(std::string(events::limits::card_bytes + 1, ' ')).error().code, "too_large");
  auto card = v2("Mira");
  card["data"]["description"] = std::string(events::limits::card_profile_bytes + 1, 'x');
  EXPECT_EQ(parse_card_json(card.dump()).error().code, "too_large");
  EXPECT_EQ(parse_card_json(v2(std::string(201, 'x')).dump()).error().param, "name");
}

TEST(character_card, comes_out_of_a_picture_whatever_the_case_of_the_keyword) {
  auto card = parse_card_png(png_with({{"Comment", "hello"}, {"Chara", encode_base64(v2("Mira").dump())}}));
  ASSERT_TRUE(card) << card.error().message;
  EXPECT_EQ(card->profile.name, "Mira");
}

TEST(character_card, prefers_version_3_in_a_picture) {
  auto png = png_with({{"chara", encode_base64(v2("Old").dump())}, {"ccv3", encode_base64(v2("New").dump())}});
  EXPECT_EQ(parse_card_png(png)->profile.name, "New");
}

TEST(character_card, falls_back_to_an_older_card_when_version_3_is_broken) {
  auto chara = std::pair<std::string, std::string>{"chara", encode_base64(v2("Old").dump())};
  for (const std::string& broken : {std::string("!!!"), encode_base64("{"), encode_base64("[]"), encode_base64(R"({"spec":"zzz","data":{"name":"x"}})"),
                                    encode_base64(R"({"spec":"chara_card_v3","data":{}})")}) {
    auto card = parse_card_png(png_with({{"ccv3", broken}, chara}));
    ASSERT_TRUE(card) << broken;
    EXPECT_EQ(card->profile.name, "Old");
    EXPECT_FALSE(parse_card_png(png_with({{"ccv3", broken}})));
  }
}

TEST(character_card, refuses_a_kind_that_is_not_known_and_a_name_that_can_not_be_seen) {
  auto unknown = v2("Mira");
  unknown["spec"] = "zzz";
  auto refused = parse_card_json(unknown.dump());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 422);
  EXPECT_EQ(refused.error().param, "spec");
  EXPECT_EQ(parse_card_json(v2("  ").dump()).error().param, "name");
}

TEST(character_card, reads_international_text_chunks_too) {
  EXPECT_EQ(parse_card_png(png_with({{"chara", encode_base64(v2("Mira").dump())}}, SPNG_ITXT))->profile.name, "Mira");
}

TEST(character_card, says_why_a_picture_is_no_card) {
  EXPECT_EQ(parse_card_png("GIF89a").error().code, "unprocessable");
  EXPECT_EQ(parse_card_png(png_with({})).error().code, "unprocessable");
  EXPECT_EQ(parse_card_png(png_with({{"chara", "not base64!"}})).error().code, "unprocessable");
  EXPECT_EQ(parse_card("text/plain", "").error().status, 415);
}

TEST(character_card, survives_any_bytes) {
  auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  auto png = png_with({{"chara", encode_base64(v2("Mira").dump())}});
  auto text = v2("Mira").dump();
  for (int i = 0; i < 5'000; ++i) {
    for (const auto* base : {&png, &text}) {
      auto bytes = *base;
      for (int changes = 0; changes < 4; ++changes) bytes[random() % bytes.size()] = static_cast<char>(random());
      if (i % 4 == 0) bytes.resize(random() % bytes.size());
      (void)parse_card_png(bytes);
      (void)parse_card_json(bytes);
    }
  }
}

TEST(names_in_greetings, are_put_in_without_regard_to_case) {
  EXPECT_EQ(with_names("{{USER}} meets {{char}}, <user> and <BOT>.", "Ada", "Mira"), "Ada meets Mira, Ada and Mira.");
  EXPECT_EQ(with_names("a{{// note}}b {{other}} < {", "Ada", "Mira"), "ab {{other}} < {");
  EXPECT_EQ(with_names("{{user}}", "{{char}}", "Mira"), "{{char}}") << "names are not read again";
}

} // namespace
} // namespace reverie::gateway
