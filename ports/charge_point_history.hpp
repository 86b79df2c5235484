#pragma once
// What stations that come by OCPP have reported: their transactions and their meter values, as far
// back as the gateway keeps them. Thread-safe; nothing here blocks.

#include "domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

/// A transaction as its station has reported it.
struct charge_point_transaction {
  std::int32_t number = 0;
  /// OCPP's connector, from 1.
  std::int32_t connector = 0;
  std::string tag;
  /// Empty: it has none yet, or none at all.
  std::string session;
  /// By the station's clock; absent: not stated.
  std::optional<domain::instant> began_at;
  /// When the gateway learned of it.
  domain::instant reported_at{};
  /// Absent: it runs.
  std::optional<domain::instant> ended_at;
  std::int64_t meter_start_wh = 0;
  /// Absent: it runs.
  std::optional<std::int64_t> meter_stop_wh;
  /// OCPP's word of the stop; empty: not stated.
  std::string reason;
  /// What was unusual about it, by name.
  std::vector<std::string> flags;
};

/// Which meter values are asked for.
struct meter_question {
  std::string identity;
  /// OCPP's connector, 0: the station itself; absent: all.
  std::optional<std::int32_t> connector;
  /// OCPP's word; absent: all.
  std::optional<std::string> measurand;
  /// 0: each sample; else what a row spans.
  std::chrono::minutes period{};
  /// Begin, included, and end, not included; absent: all that is kept.
  std::optional<domain::instant> from;
  std::optional<domain::instant> to;
  /// So many of the newest rows are left out.
  std::uint64_t offset = 0;
  /// Of those that follow, the most that are given.
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
};

/// One sample, or what the samples of a span come to. Values are thousandths of the unit.
struct meter_row {
  std::int32_t connector = 0;
  std::string measurand;
  /// Empty: not stated.
  std::string phase;
  std::string location;
  /// "Wh", "W", "A"; empty: the measurand has none.
  std::string unit;
  /// Of the sample, or the begin of the span.
  domain::instant at{};
  std::uint32_t samples = 1;
  std::int64_t mean = 0;
  std::int64_t least = 0;
  std::int64_t peak = 0;
  /// Of a span, where the measurand is an energy or a power: what has flowed. Absent: not known.
  std::optional<std::int64_t> energy = {};
};

struct meter_page {
  std::vector<meter_row> rows;
  /// Rows of all pages together.
  std::uint64_t total = 0;
};

class charge_point_history {
public:
  static constexpr std::array<const char*, 6> transaction_flags{
      "from_log", "tag_refused", "no_session", "not_resumed", "stop_lost", "register_fell"};

  virtual ~charge_point_history() = default;
  /// Newest first.
  [[nodiscard]] virtual std::vector<charge_point_transaction>
  transactions_of(const std::string& identity) const = 0;
  /// Newest first; of one moment by connector and measurand.
  [[nodiscard]] virtual meter_page meter_values_of(const meter_question& asked) const = 0;
};

} // namespace busbar::ports
