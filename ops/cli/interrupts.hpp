#pragma once

namespace reverie::ops {

/// From here on Ctrl-C is noted and no longer ends the process, so that a command can end in order.
void note_interrupts();
/// Whether Ctrl-C came. Any thread.
bool interrupted();

} // namespace reverie::ops
