#pragma once
// The thread that reads session facts and events from the log into the archive: all partitions, by
// a group of its own for each store. It commits what the store has written, and nothing before. A
// store that is lost, or does not keep up, is not read for: the group has no member then, and holds
// nothing back in the log.

#include "adapters/store/archive_room.hpp"
#include "domain/result.hpp"
#include "messages/fact_gate.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace busbar::adapters::store {

class log_feed {
public:
  /// Records that are read at once.
  static constexpr std::size_t records_max = 1'000;
  static constexpr std::chrono::milliseconds poll_patience{200};
  /// Polls at the end, at most.
  static constexpr int last_polls_max = 20;

  /// `room` outlives it.
  /// `name`: of the engine node.
  log_feed(std::shared_ptr<ports::event_log> log, archive_room& room, std::string name);
  ~log_feed() { stop(); }
  log_feed(const log_feed&) = delete;
  log_feed& operator=(const log_feed&) = delete;

  void start();
  /// Reads what the log has by now, as far as it comes at once.
  void stop();

private:
  void run();
  void step();
  /// What throws is a loss, and never the end of the process.
  template <class Work> void guarded(Work work);
  [[nodiscard]] bool open();
  /// False: nothing was there.
  bool read();
  [[nodiscard]] log_item item_of(const ports::record& record);
  [[nodiscard]] std::uint64_t missed_before(const ports::record& record) const;
  void mind_another_log(const ports::record& record);
  void commit();
  void publish_told();
  void rest();

  const std::shared_ptr<ports::event_log> log_;
  archive_room& room_;
  const std::string name_;
  /// Of this reader: none while nothing is read.
  std::unique_ptr<ports::log_consumer> input_;
  archive_room::reading from_;
  messages::fact_gate gate_;
  std::unique_ptr<ports::log_producer> output_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
};

} // namespace busbar::adapters::store
