#pragma once
// `ports::archive` as it runs: one thread and one connection that write what was read from the log,
// about once a second, and answer questions. While the store is lost nothing waits for it: the
// thread tries again every second, and what happens stays in the log.

#include "adapters/store/archive_room.hpp"
#include "domain/event.hpp"
#include "domain/result.hpp"
#include "ports/archive.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace busbar::adapters::store {

struct archive_settings {
  std::string folder;
  /// Events are kept for so many days. > 0.
  std::int64_t event_days = 365;
  /// Called with events of the store itself, on the threads of archive and feed; may be empty.
  std::function<void(const domain::event&)> tell = {};
  /// Called by the archive's thread with sessions that are over, the newest last: those of before
  /// when it begins, then those that it writes.
  std::function<void(const std::vector<domain::session_fact>&)> show_past = {};
};

class history_archive : public ports::archive {
public:
  static constexpr std::chrono::milliseconds write_every{1'000};
  /// Between two tries to open a store that is lost.
  static constexpr std::chrono::milliseconds try_every{1'000};
  static constexpr std::chrono::seconds look_every{10};
  static constexpr std::chrono::minutes forget_every{1};
  /// Events that are forgotten in one transaction, at most; more follow in the next one.
  static constexpr std::size_t forgotten_max = 2'000;
  /// Sessions that are over that are shown when it begins.
  static constexpr std::size_t past_max = 10'000;

  /// Takes the folder. errc::conflict: another process has it; errc::wrong_identifier: a newer
  /// program has written it. A store that cannot be opened for another reason is lost, and tried
  /// again; one that is no database is set aside.
  [[nodiscard]] static domain::result<std::unique_ptr<history_archive>>
  open(archive_settings settings);
  /// Stops.
  ~history_archive() override;
  /// What waits is written, and questions that come later are refused. Once, by one thread.
  void stop();

  void sessions(const ports::session_query& wanted,
                std::function<void(domain::result<ports::session_page>)> then) override;
  void events(const ports::event_query& wanted,
              std::function<void(domain::result<std::vector<ports::archived_event>>)> then)
      override;
  [[nodiscard]] ports::archive_status status() const override;
  /// What is read from the log goes there.
  [[nodiscard]] archive_room& room() { return room_; }

private:
  class worker;
  explicit history_archive(const archive_settings& settings);

  archive_room room_;
  std::unique_ptr<worker> worker_;
};

} // namespace busbar::adapters::store
