// What the user does: occupation, employer, studies.
#include "actors/domain/bond/fact_building.hpp"

#include <array>

namespace reverie::actors::bond {
namespace {

using enum fact_attribute;

bool has_article(std::string_view text) {
  return text.starts_with("a ") || text.starts_with("an ") || text.starts_with("the ");
}

std::string without_article(std::string text) {
  if (has_article(text)) text.erase(0, text.find(' ') + 1);
  return text;
}

std::string with_article(const std::string& job, std::string_view article) {
  return article.empty() ? job : std::string{article} + ' ' + job;
}

void add_work(const pattern_match& match, found_facts& facts, std::string subject, std::string value,
              const std::string& sentence) {
  auto& fact = add_fact(facts, work, std::move(subject), std::move(value), sentence);
  fact.exclusive = true;
  const auto time = match.time();
  if (const auto from = past_moment(match);
      from && *from <= match.spoken->said_at && time &&
      (time->relation == time_relation::since || !time->relative || time->from < match.spoken->said_at))
    fact.valid_from = from;
}

void works_as(const pattern_match& match, found_facts& facts) {
  std::string job = match.text("j");
  for (const std::string_view place : {" in ", " at ", " for ", " with "})
    job = job.substr(0, job.find(place));
  add_work(match, facts, "user", without_article(job), "User works as " + job);
}

void is_a_job(const pattern_match& match, found_facts& facts) {
  const std::string job = match.text("j");
  const std::string article = match.lower("a");
  std::string written = article;
  for (const std::string_view each : {"a", "an", "the"}) {
    if (match.said->tokens[match.part("j")->begin - 1].lower == each) written = each;
  }
  const auto last = match.said->tokens[match.part("j")->end - 1].lower;
  const bool bare = last == "retired" || last == "unemployed" || last == "jobless" || last == "freelance" ||
                    last == "self-employed";
  if (written.empty() && !bare) return; // "I'm doctor Who"
  add_work(match, facts, "user", job, "User is " + with_article(job, bare ? "" : written));
}

void job_is(const pattern_match& match, found_facts& facts) {
  const std::string job = without_article(match.text("j"));
  add_work(match, facts, "user", job, "User's job is " + job);
}

void works_at(const pattern_match& match, found_facts& facts) {
  const std::string place = match.text("o");
  add_work(match, facts, "employer", without_article(place), "User works at " + place);
}

void works_in(const pattern_match& match, found_facts& facts) {
  const std::string field = match.text("f");
  add_work(match, facts, "field", field, "User works in " + field);
}

void studies(const pattern_match& match, found_facts& facts) {
  std::string subject = match.text("s");
  for (const std::string_view place : {" in ", " at ", " with "})
    subject = subject.substr(0, subject.find(place));
  if (subject.ends_with("hard") || subject == "hard" || subject == "for" || subject.starts_with("for ") ||
      subject.starts_with("at ") || subject.starts_with("in "))
    return;
  add_work(match, facts, "studies", subject, "User studies " + subject);
}

void teaches(const pattern_match& match, found_facts& facts) {
  const std::string subject = match.text("s");
  add_work(match, facts, "teaching", subject, "User teaches " + subject);
}

void retired(const pattern_match& match, found_facts& facts) {
  add_work(match, facts, "user", "retired", "User is retired");
}

void lost_work(const pattern_match& match, found_facts& facts) {
  add_end(facts, work, "user", "", "User no longer has that job").valid_from = past_moment(match);
}

void left_employer(const pattern_match& match, found_facts& facts) {
  const std::string place = match.text("o");
  add_end(facts, work, "employer", without_article(place), "User no longer works at " + place).valid_from =
      past_moment(match);
}

std::string match_article(const pattern_match& match) {
  const std::string_view before = match.said->tokens[match.part("j")->begin - 1].lower;
  return before == "a" || before == "an" || before == "the" ? std::string{before} + ' ' : std::string{};
}

void left_occupation(const pattern_match& match, found_facts& facts) {
  const std::string job = without_article(match.text("j"));
  add_end(facts, work, "user", job, "User is no longer " + match_article(match) + job).valid_from =
      past_moment(match);
}

constexpr std::array work_table{
    fact_rule{"work.as", "i am|have? @adverb* been? work|working|worked|employed as <j:np>", works_as},
    fact_rule{"work.started_as", "i have? @adverb* started|began work|working? as <j:np>", works_as},
    fact_rule{"work.i_am_a", "i am @adverb* a|an|the <j:job>", is_a_job},
    fact_rule{"work.i_am", "i am @adverb* <j:job>", is_a_job},
    fact_rule{"work.job_is", "my job|profession|occupation is|'s a|an? <j:np>", job_is},
    fact_rule{"work.at", "i am|have? @adverb* been? work|working|employed at|for|with|by <o:org>", works_at},
    fact_rule{"work.in_place", "i am|have? @adverb* been? work|working in <o:org>", works_at},
    fact_rule{"work.in_field", "i am|have? @adverb* been? work|working in <f:field>", works_in},
    fact_rule{
        "work.started_at",
        "i have? @adverb* started|began work|working|job|interning? a|my|the? new? job? at|for|with <o:org>",
        works_at},
    fact_rule{"work.got_job_at",
              "i have? @adverb* have|got|landed|found|accepted a|the|my new|great? job|position|internship "
              "at|with <o:org>",
              works_at},
    fact_rule{"work.got_job_as",
              "i have? @adverb* have|got|landed|found|accepted a|the|my new|great? job|position as <j:np>",
              works_as},
    fact_rule{"work.studies", "i am|have? @adverb* been? study|studying <s:np>", studies},
    fact_rule{"work.teaches", "i am? @adverb* teach|teaching <s:np>", teaches},
    fact_rule{"work.retired", "i have|am? @adverb* retired", retired},
    fact_rule{"work.not_there", "i do not work there|here any|anymore more?", lost_work},
    fact_rule{"work.no_longer_there", "i no longer work there|here", lost_work},
    fact_rule{"work.quit", "i have? @adverb* quit|lost|left my old? job", lost_work},
    fact_rule{"work.fired", "i got|was|have @adverb* been? fired|sacked|laid", lost_work},
    fact_rule{"work.not_at", "i do|am not work|working at|for|in <o:org>", left_employer},
    fact_rule{"work.no_longer_at", "i no longer work at|for|in <o:org>", left_employer},
    fact_rule{"work.used_to_at", "i used to work at|for|in <o:org>", left_employer},
    fact_rule{"work.not_as", "i do not work as <j:np>", left_occupation},
    fact_rule{"work.not_a", "i am not a|an|the <j:job>", left_occupation},
    fact_rule{"work.no_longer_a", "i am no longer a|an|the? <j:job>", left_occupation},
    fact_rule{"work.no_longer_as", "i no longer work as <j:np>", left_occupation},
    fact_rule{"work.used_to_be", "i used to be|work as? a|an|the <j:job>", left_occupation}};

} // namespace

std::span<const fact_rule> work_rules() {
  return work_table;
}

} // namespace reverie::actors::bond
