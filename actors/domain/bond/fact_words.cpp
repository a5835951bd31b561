#include "actors/domain/bond/fact_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <utility>

namespace reverie::actors::bond {
namespace {

// Each class as one text of words, in the order of the enumeration.
constexpr std::array<std::string_view, 17> class_texts{
    // kin
    "mother mom mum mommy mummy mama mam father dad daddy papa brother sister husband wife son daughter "
    "uncle aunt auntie grandmother grandma granny nana "
    "grandfather grandpa grandad granddad grandson granddaughter cousin nephew niece partner boyfriend "
    "girlfriend fiance fiancé fiancée fiancee spouse "
    "stepmother stepfather stepmom stepdad stepbrother stepsister stepson stepdaughter godmother godfather "
    "mother-in-law father-in-law brother-in-law "
    "sister-in-law friend bestie roommate flatmate housemate colleague coworker co-worker boss neighbour "
    "neighbor teammate kid child baby twin",
    // kin_detail
    "older younger elder eldest youngest oldest little big best second first other middle half twin new "
    "closest",
    // pet
    "dog dogs puppy pup doggo cat cats kitten kitty rabbit bunny hamster parrot budgie canary bird fish "
    "goldfish turtle tortoise snake python lizard gecko "
    "ferret horse pony mare rat mouse hedgehog chicken hen duck goat sheep cow pig donkey iguana tarantula "
    "frog pet labrador lab poodle beagle bulldog "
    "husky corgi dachshund terrier retriever shepherd collie chihuahua pug spaniel dalmatian rottweiler "
    "greyhound guinea-pig cockatiel axolotl",
    // profession
    "accountant actor actress analyst animator architect artist astronomer athlete attorney author baker "
    "banker barber barista bartender biologist "
    "blacksmith bookkeeper botanist bricklayer broker builder butcher carer caretaker caregiver carpenter "
    "cashier chef chemist chiropractor cleaner clerk "
    "coach comedian composer conductor consultant contractor cook counsellor counselor courier dancer "
    "dentist designer developer dietitian diplomat "
    "director diver doctor driver economist editor electrician engineer entrepreneur farmer filmmaker "
    "firefighter fisherman florist freelancer gardener "
    "geologist grocer hairdresser historian housewife illustrator instructor interpreter intern janitor "
    "jeweller jeweler journalist judge juggler "
    "lawyer lecturer librarian linguist locksmith magician manager marketer mason mathematician mechanic "
    "medic meteorologist midwife miner model "
    "musician nanny neurologist novelist nurse nutritionist officer optician orthodontist painter paralegal "
    "paramedic pastor pediatrician "
    "pharmacist philosopher photographer physicist physician physiotherapist pianist pilot plumber poet "
    "policeman policewoman politician porter postman "
    "priest producer professor programmer psychiatrist psychologist psychotherapist publisher radiologist "
    "realtor receptionist reporter researcher "
    "roofer sailor salesman salesperson saleswoman scientist sculptor secretary seamstress server singer "
    "soldier solicitor statistician steward "
    "stewardess student streamer surgeon surveyor tailor teacher technician tester therapist trader trainer "
    "translator trucker tutor tiler usher vet "
    "veterinarian violinist waiter waitress watchmaker welder writer youtuber zookeeper zoologist freshman "
    "sophomore undergraduate pensioner "
    "apprentice trainee retired unemployed jobless self-employed freelance",
    // feeling
    "ok okay fine good great well bad sad happy glad tired sleepy bored hungry thirsty sick ill cold hot "
    "warm busy free late early sorry afraid scared "
    "worried nervous anxious excited angry mad upset annoyed lonely alone home back here there ready done "
    "sure certain not so very too just still really "
    "always never also only almost nearly all both in on at from with about into off out over up down under "
    "here serious kidding joking lost confused curious "
    "interested new old young single married engaged divorced pregnant stressed exhausted depressed better "
    "worse best fun funny crazy weird strange stupid "
    "smart dumb proud grateful thankful thinking feeling going trying looking doing making having getting "
    "working living moving learning studying reading "
    "writing watching playing listening talking saying telling asking waiting hoping planning wondering "
    "sitting standing lying eating drinking cooking "
    "walking running driving leaving coming staying visiting flying allergic called named known like as a an "
    "the my your his her our their its this that "
    "what who how why where when no yes hard difficult easy important unusual common pretty ugly beautiful "
    "nice long short boring secret private mine none "
    "nothing something someone nobody somebody everyone everything anything unknown different amazing "
    "awesome terrible horrible awful gay straight bi trans "
    "tall small big little lazy shy quiet loud strong weak healthy safe broke rich poor retired unemployed "
    "vegan vegetarian drunk sober awake asleep "
    "online offline afk lol haha damn hi hello hey bye thanks dead alive jealous clumsy hopeless human real "
    "fake right wrong true false able unable used "
    "feeling finally actually kind kinda sort sorta super quite rather maybe probably definitely currently "
    "now today tomorrow tonight again already if but and or "
    "because since then than obviously clearly honestly literally basically totally completely absolutely "
    "incredibly extremely ecstatic furious overwhelmed "
    "heartbroken cranky hungover sunburnt starving freezing batman spiderman aries taurus gemini cancer "
    "virgo libra scorpio sagittarius "
    "capricorn aquarius pisces introverted extroverted introvert extrovert team god jesus",
    // nationality
    "american british english scottish welsh irish german french spanish portuguese italian dutch belgian "
    "swiss austrian danish swedish norwegian finnish "
    "icelandic polish czech slovak hungarian romanian bulgarian greek turkish russian ukrainian belarusian "
    "serbian croatian bosnian slovenian albanian "
    "estonian latvian lithuanian maltese georgian armenian israeli palestinian lebanese syrian iraqi iranian "
    "persian egyptian moroccan algerian tunisian "
    "nigerian ghanaian kenyan ethiopian somali african indian pakistani bangladeshi nepali tibetan chinese "
    "taiwanese japanese korean vietnamese thai filipino "
    "indonesian malaysian singaporean australian canadian mexican brazilian argentinian chilean colombian "
    "peruvian venezuelan cuban jamaican european asian "
    "latino latina hispanic catalan basque hawaiian texan californian londoner jewish muslim christian "
    "catholic buddhist hindu",
    // health
    "asthma diabetes adhd add autism migraines migraine epilepsy anxiety depression arthritis insomnia "
    "dyslexia celiac coeliac eczema anemia anaemia "
    "hypertension tinnitus endometriosis ibs ptsd ocd scoliosis diabetic asthmatic epileptic autistic "
    "dyslexic vegan vegetarian pescatarian celiac "
    "colourblind colorblind color-blind colour-blind deaf blind pregnant lactose-intolerant "
    "gluten-intolerant left-handed narcolepsy psoriasis lupus",
    // occasion
    "exam exams test interview appointment meeting recital concert wedding flight trip party date dinner "
    "lunch presentation deadline surgery operation "
    "audition game match tournament race marathon competition performance show gig rehearsal class lesson "
    "lecture seminar conference workshop holiday "
    "vacation reunion ceremony graduation funeral checkup check-up hearing trial viewing reading reservation "
    "shift call train bus date final finals "
    "midterm quiz thesis defence defense visit camp festival celebration anniversary birthday",
    // calendar
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december "
    "christmas easter halloween thanksgiving hanukkah ramadan",
    // determiner
    "a an the my our some any this that these those one two three four five six several many",
    // pronoun
    "it you him her them me us this that these those he she they i we something anything nothing everything "
    "someone anyone everyone nobody somebody "
    "everybody myself yourself itself each one ones stuff things thing your yours his hers their theirs its",
    // clause_word
    "because cause cuz since when while who which that where whose if unless until till although though but "
    "so as than after before because, however "
    "whenever wherever what how why then except is are was were am do does did will would can could should "
    "has had may might must 's",
    // adverb
    "really also still just always absolutely truly totally definitely actually do quite very so currently "
    "now recently mostly usually often sometimes "
    "generally genuinely both only simply honestly finally already officially even kinda secretly especially "
    "particularly too literally",
    // lead_in
    "and but so because cause cuz that well yes yeah yep yup no nope ok okay oh ah hi hello hey actually "
    "also now then today tomorrow tonight yesterday btw way "
    "though although plus honestly recently currently usually sometimes lately fact since where think know "
    "guess believe anyway still as too or "
    "morning afternoon evening night week month year weekend summer winter spring autumn fall ago later soon "
    "afterwards thanks sure fine great hmm um uh lol haha "
    "basically sadly unfortunately luckily fortunately finally right like said say told mention mentioned "
    "remember see here alright good cool wow sorry please years "
    "days weeks months monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december",
    // hypothetical
    "if whether unless suppose supposing imagine pretend pretending wish wished dream dreamed dreamt "
    "dreaming hypothetically says tells thinks thought "
    "believes asks asked claims claimed wonder wondering lyrics song story novel roleplay fiction joke "
    "joking kidding when whenever until once rumor "
    "everyone everybody people nobody let assume assuming maybe perhaps before after lie lied example told "
    "said say saying quote quoted reads",
    // common_place
    "town village city suburb suburbs countryside country farm flat apartment house island forest mountains "
    "dorm dormitory studio cottage cabin trailer van "
    "boat houseboat neighbourhood neighborhood district province bungalow condo coast beach valley desert",
    // not_a_place
    "fear peace hope hell denial poverty pain sin silence darkness harmony here there moment past present "
    "future dream dreams bubble world now heaven "
    "chaos luxury shame reality fantasy simulation total complete constant your his her my a an the it this "
    "that style exile squalor town"};

using word_set = std::unordered_set<std::string_view>;

std::array<word_set, class_texts.size()> make_sets() {
  std::array<word_set, class_texts.size()> sets;
  for (std::size_t i = 0; i < class_texts.size(); ++i) {
    std::string_view text = class_texts[i];
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      if (end > 0) sets[i].insert(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  return sets;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 58> same_subjects{
    {{"mom", "mother"},
     {"mum", "mother"},
     {"mommy", "mother"},
     {"mummy", "mother"},
     {"mama", "mother"},
     {"mam", "mother"},
     {"dad", "father"},
     {"daddy", "father"},
     {"papa", "father"},
     {"auntie", "aunt"},
     {"grandma", "grandmother"},
     {"granny", "grandmother"},
     {"nana", "grandmother"},
     {"grandpa", "grandfather"},
     {"grandad", "grandfather"},
     {"granddad", "grandfather"},
     {"stepmom", "stepmother"},
     {"stepdad", "stepfather"},
     {"bestie", "best friend"},
     {"flatmate", "roommate"},
     {"housemate", "roommate"},
     {"coworker", "colleague"},
     {"co-worker", "colleague"},
     {"neighbor", "neighbour"},
     {"kid", "child"},
     {"fiance", "partner"},
     {"fiancé", "partner"},
     {"fiancée", "partner"},
     {"fiancee", "partner"},
     {"spouse", "partner"},
     {"puppy", "dog"},
     {"pup", "dog"},
     {"doggo", "dog"},
     {"dogs", "dog"},
     {"kitten", "cat"},
     {"kitty", "cat"},
     {"cats", "cat"},
     {"bunny", "rabbit"},
     {"pony", "horse"},
     {"mare", "horse"},
     {"goldfish", "fish"},
     {"labrador", "dog"},
     {"lab", "dog"},
     {"poodle", "dog"},
     {"beagle", "dog"},
     {"bulldog", "dog"},
     {"husky", "dog"},
     {"corgi", "dog"},
     {"dachshund", "dog"},
     {"terrier", "dog"},
     {"retriever", "dog"},
     {"shepherd", "dog"},
     {"collie", "dog"},
     {"chihuahua", "dog"},
     {"pug", "dog"},
     {"spaniel", "dog"},
     {"dalmatian", "dog"},
     {"rottweiler", "dog"}}};

} // namespace

bool is_a(std::string_view word, word_class kind) noexcept {
  static const auto sets = make_sets();
  return sets[std::to_underlying(kind)].contains(word);
}

std::string_view canonical_subject(std::string_view word) noexcept {
  const auto* same =
      std::ranges::find(same_subjects, word, &std::pair<std::string_view, std::string_view>::first);
  return same == same_subjects.end() ? word : same->second;
}

} // namespace reverie::actors::bond
