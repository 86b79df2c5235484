#pragma once
// What the archive's thread shares with those that fill it and ask it: records that wait,
// questions, and what is known of the store. Thread-safe.

#include "adapters/sqlite/sqlite.hpp"
#include "adapters/store/log_item.hpp"
#include "domain/result.hpp"
#include "ports/archive.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::adapters::store {

class archive_room {
public:
  /// Records that were read and are not written; at it no more are read, they wait in the log.
  static constexpr std::size_t waiting_max = 20'000;
  static constexpr std::size_t questions_max = 64;
  /// Records of one transaction.
  static constexpr std::size_t batch_max = 2'000;
  /// Events of the store itself that wait for the log; more are dropped.
  static constexpr std::size_t told_max = 100;

  /// Given the database, or why there is none.
  using question = std::function<void(sqlite::database*, const domain::error&)>;

  /// Where reading of the log begins.
  struct reading {
    /// Of the store; another one after a new one has begun.
    std::string id;
    log_places places;
  };

  struct fault {
    std::string why;
    domain::instant since;
  };

  struct content {
    ports::archive_status status;
    /// Absent while nothing is taken.
    std::optional<reading> from;
    std::deque<log_item> waiting;
    std::deque<question> questions;
    /// Since it was asked for last.
    log_places written;
    /// Events of the store itself, on their way to the log.
    std::vector<domain::event> told;
    std::map<std::string, double> totals{
        {"written_total", 0}, {"lost_total", 0}, {"set_aside_total", 0}};
    /// The log cannot be read.
    std::optional<fault> of_the_feed;
    std::optional<std::chrono::steady_clock::time_point> stopping_since;
  };

  /// `line` is called with each event of the store itself, on the thread that has it; may be empty.
  explicit archive_room(std::function<void(const domain::event&)> line) : line_(std::move(line)) {}

  /// False where too many wait.
  [[nodiscard]] bool ask(question one);
  [[nodiscard]] ports::archive_status status() const;
  /// By name, for metrics.
  [[nodiscard]] std::map<std::string, double> statistics() const;

  [[nodiscard]] std::optional<reading> begin_reading() const;
  [[nodiscard]] bool has_room() const;
  /// False, and nothing taken, where so much waits, the store is lost, or is another one than `id`.
  [[nodiscard]] bool put(const std::string& id, std::vector<log_item> items);
  /// What has been written since it was asked last.
  [[nodiscard]] log_places take_written();
  /// An event of the store itself has happened: to `line`, and to the log.
  void tell(const domain::event& event);
  [[nodiscard]] std::vector<domain::event> take_told();
  /// Reading the log fails, which is a loss like any other; empty: it does not.
  void note_feed(const std::string& why);

  /// For the archive's thread: returns at a question, after `patience`, and where `can_write` at a
  /// full batch. False: the archive ends.
  [[nodiscard]] bool wait(bool can_write, std::chrono::milliseconds patience);
  void stop();
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> stopping_since() const;
  /// At most `batch_max`, in order.
  [[nodiscard]] std::vector<log_item> take_batch();
  [[nodiscard]] std::deque<question> take_questions();
  template <class Change> auto change(Change change) {
    const std::lock_guard lock{guard_};
    return change(content_);
  }

private:
  const std::function<void(const domain::event&)> line_;
  mutable std::mutex guard_;
  std::condition_variable wake_;
  content content_;
};

} // namespace busbar::adapters::store
