#pragma once
// The newest events and session facts of the log, numbered, in a bounded ring for each severity and
// one for progress (facts of it, and what drivers say of it): what comes often takes no room from
// what matters. Written by the
// journal's thread, read by HTTP. Thread-safe.

#include "ports/event_log.hpp"
#include "ports/history.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <vector>

namespace busbar::node {

class ring_journal : public ports::history_store {
public:
  /// A fact of progress replaces the one before: kept for readers of now.
  static constexpr std::size_t progress_max = 2'000;
  static constexpr std::size_t infos_max = 10'000;
  static constexpr std::size_t warnings_max = 5'000;
  static constexpr std::size_t criticals_max = 3'000;
  static constexpr std::size_t past_sessions_max = 10'000;
  /// Open sessions whose start is remembered; of more it is not known once they have ended.
  static constexpr std::size_t starts_max = 200'000;

  void add(domain::event event) override;
  void add(domain::session_fact fact) override;
  /// Past sessions from elsewhere, the newest last: those that are not known yet take their places
  /// by time, those that are get their bill.
  void restore(const std::vector<domain::session_fact>& past);

  [[nodiscard]] std::vector<ports::journal_entry> journal(std::uint64_t after,
                                                          std::size_t count) const override;
  [[nodiscard]] std::vector<ports::journal_entry>
  journal_before(std::uint64_t before, std::size_t count) const override;
  [[nodiscard]] std::uint64_t journal_whole_from() const override;
  [[nodiscard]] std::uint64_t journal_end() const override;
  [[nodiscard]] std::vector<domain::session_fact> past_sessions(std::size_t count) const override;

private:
  /// Another log may have counted its sessions alike: its time, too. Of a denial also request and
  /// station.
  using past_key = std::tuple<domain::site_id, domain::session_id, domain::request_id,
                              domain::station_id, domain::instant>;
  [[nodiscard]] static past_key key_of(const domain::session_fact& fact);
  enum ring : std::uint8_t { progress, infos, warnings, criticals, ring_count };
  void append(ports::journal_entry entry);
  void settle(const domain::session_fact& fact);
  void keep_past(const domain::session_fact& fact);
  void drop_oldest_past();
  [[nodiscard]] static ring ring_of(const ports::journal_entry& entry);

  mutable std::mutex guard_;
  /// Each by rising numbers.
  std::array<std::deque<ports::journal_entry>, ring_count> rings_;
  /// Completed ones state when they began, where that was read.
  std::deque<domain::session_fact> past_;
  std::set<past_key> known_past_;
  std::map<domain::session_id, domain::instant> starts_;
  std::uint64_t end_ = 0;
  std::uint64_t whole_from_ = 1;
};

/// A fact as an event for people: "Alice is charging at CP-003: 11.0 kW".
[[nodiscard]] domain::event event_of(const domain::session_fact& fact);

} // namespace busbar::node
