#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

namespace reverie::ops {

/// Whether anybody sees progress: standard error is a terminal, and nobody has hushed it.
bool shows_progress();
/// From here on no progress is shown: what is printed is for a program. Called before there are threads.
void hush_progress();

/// Shows long work on standard error, where that is a terminal: a bar with rate and time left. For one thread.
class progress_bar {
public:
  /// `unit` names what is counted ("records"); `total` 0 when it is not known. `begun`: what was done before, which says nothing of the rate.
  progress_bar(std::string title, std::string unit, std::uint64_t total, std::uint64_t begun = 0);
  ~progress_bar(); ///< closes the line

  void advance_to(std::uint64_t done);
  void finish();

private:
  void draw(std::chrono::steady_clock::time_point now);

  std::string title_, unit_;
  std::uint64_t total_, begun_, done_;
  bool open_;
  std::chrono::steady_clock::time_point started_, drawn_;
};

/// Says on standard error, where that is a terminal, that work which can't tell how far it is goes on, and for how long: each second, in one line
/// that goes with it. It has a thread of its own; what the work prints is better printed after it.
class waiting_note {
public:
  explicit waiting_note(std::string title);
  ~waiting_note();
  waiting_note(const waiting_note&) = delete;
  waiting_note& operator=(const waiting_note&) = delete;

private:
  std::jthread thread_;
};

/// `59 s`, `3 min 19 s`, `2 h 13 min`: rounded up to whole seconds.
std::string time_text(double seconds);

/// One line of progress, pure: `replay  [####----]  50 %  1200/2400 records  600 records/s  2 s left`. `width` 0 leaves the bar out; `begun` of
/// `done` was done before these seconds.
std::string progress_line(const std::string& title, const std::string& unit, std::uint64_t done, std::uint64_t total, double seconds,
                          std::size_t width, std::uint64_t begun = 0);

} // namespace reverie::ops
