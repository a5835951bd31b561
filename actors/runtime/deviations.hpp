#pragma once

namespace reverie::actors::runtime {

/// Mistakes that the simulation plants to show that its checkers find them (docs/decisions/0012). Only those stand here that can sit nowhere
/// but inside an actor; the others are planted in the ports around the actors. No server has any.
struct deviations {
  bool lose_stash = false;          ///< a command that has to wait behind a record under way is forgotten
  bool resume_effect_twice = false; ///< a new owner does what the one before was doing again as the same attempt, not as the next
  bool refuse_unproven = false;     ///< a refusal is given at once, by whoever believes to be the owner
};

} // namespace reverie::actors::runtime
