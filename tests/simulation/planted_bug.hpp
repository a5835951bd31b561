#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace reverie::simulation {

/// A mistake built in on purpose, to show that the checks find it. Where each is planted: docs/decisions/0012-simulation.md.
enum class planted_bug : std::uint8_t {
  none,
  skip_epoch_check,
  answer_before_read_back,
  forget_sequence_check,
  apply_fold_twice,
  lose_stash,
  resume_effect_twice,
  refuse_unproven,
};

struct named_bug {
  planted_bug bug;
  std::string_view name; ///< as the command line takes it
};

inline constexpr std::array<named_bug, 7> all_bugs{{
    {planted_bug::skip_epoch_check, "skip-epoch-check"},
    {planted_bug::answer_before_read_back, "answer-before-read-back"},
    {planted_bug::forget_sequence_check, "forget-sequence-check"},
    {planted_bug::apply_fold_twice, "apply-fold-twice"},
    {planted_bug::lose_stash, "lose-stash"},
    {planted_bug::resume_effect_twice, "resume-effect-twice"},
    {planted_bug::refuse_unproven, "refuse-unproven"},
}};

inline std::optional<planted_bug> parse_bug(std::string_view name) {
  for (const auto& each : all_bugs)
    if (each.name == name) return each.bug;
  return std::nullopt;
}

} // namespace reverie::simulation
