#pragma once
// The folder of a recording: DIR/<site>/<begin>-<part>.rec. One thread deflates and writes what the
// recorders of all sites hand over, and removes the oldest files beyond the folder's bounds.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace busbar::apps {

struct recording_settings {
  /// Empty: nothing is recorded.
  std::string folder;
  /// Of all files; the oldest are removed beyond it. >= 1 MiB.
  std::uint64_t bytes_max = 1'024ull << 20;
  /// Files that were written last longer ago are removed. > 0.
  domain::seconds age_max{7 * 86'400};
  /// Hears each trouble once: a disk that is full, a queue that is.
  std::function<void(const std::string&)> on_trouble;
};

class recording_store {
public:
  /// Bytes that wait for the thread at most (docs/bounds.md).
  static constexpr std::size_t waiting_bytes_max = 64u << 20;

  /// Makes the folder where it is not there. errc::unavailable where it cannot be written.
  [[nodiscard]] static domain::result<void> prepare(const std::string& folder);

  explicit recording_store(recording_settings settings);
  /// Writes what waits.
  ~recording_store();
  recording_store(const recording_store&) = delete;
  recording_store& operator=(const recording_store&) = delete;

  /// Appends a block to a file of the folder, by any thread; returns at once. False: the queue is
  /// full, and the block is not written.
  [[nodiscard]] bool put(const std::string& file, std::vector<std::uint8_t> bytes);
  /// Nothing is appended to it any more.
  void close(const std::string& file);

private:
  struct piece {
    std::string file;
    std::vector<std::uint8_t> bytes;
    bool is_last = false;
  };
  void run();
  void write(const piece& next);
  void sweep();
  void say(const std::string& trouble);

  const recording_settings settings_;
  std::mutex guard_;
  std::condition_variable has_work_;
  std::deque<piece> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool shall_stop_ = false;
  // Of the thread.
  std::set<std::string> open_;
  std::uint64_t written_ = 0;
  std::set<std::string> said_;
  std::thread thread_;
};

} // namespace busbar::apps
