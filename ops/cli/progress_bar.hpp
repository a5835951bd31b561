#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

namespace reverie::ops {

/// Shows long work on standard error: a bar with rate and time left on a terminal, a plain line every few seconds elsewhere. For one
/// thread.
class progress_bar {
public:
  /// `unit` names what is counted ("records"); `total` 0 when it is not known.
  progress_bar(std::string title, std::string unit, std::uint64_t total);
  ~progress_bar(); ///< closes the line

  void advance_to(std::uint64_t done);
  void finish();

private:
  void draw(std::chrono::steady_clock::time_point now);

  std::string title_, unit_;
  std::uint64_t total_, done_ = 0;
  bool terminal_, open_ = true;
  std::chrono::steady_clock::time_point started_, drawn_;
};

/// Says on standard error that work which can't tell how far it is goes on, and for how long: on a terminal each second in one line that goes
/// with it, elsewhere a line every few seconds. It has a thread of its own; what the work prints is better printed after it.
class waiting_note {
public:
  explicit waiting_note(std::string title);
  ~waiting_note();
  waiting_note(const waiting_note&) = delete;
  waiting_note& operator=(const waiting_note&) = delete;

private:
  std::jthread thread_;
};

/// One line of progress, pure: `replay  [####----]  50 %  1200/2400 records  600 records/s  2 s left`. `width` 0 leaves the bar out.
std::string progress_line(const std::string& title, const std::string& unit, std::uint64_t done, std::uint64_t total, double seconds,
                          std::size_t width);

} // namespace reverie::ops
