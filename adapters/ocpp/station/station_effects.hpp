#pragma once
// What follows from one input of a station: frames to it, and what the house is told.

#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/telemetry.hpp"
#include "ocpp/v16/sample.hpp"
#include "ports/charge_points.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::station {

/// What a gateway counts of its stations; in metrics each has its name.
enum class count : std::uint8_t {
  calls_received,
  answers_sent,
  errors_sent,
  calls_sent,
  answers_received,
  calls_refused,
  calls_unanswered,
  stray_answers,
  repeated_calls,
  unreadable_frames,
  calls_before_boot,
  commands,
  commands_refused,
  commands_out_of_order,
  queue_full,
  meter_values,
  old_samples,
  tolerated,
  transactions_begun,
  transactions_ended,
  transactions_unmatched,
  registers_quarantined,
  deaf_closed,
  answers_faulty,
  transactions_not_resumed,
  reports_given_up,
  tags_refused,
  fallbacks_refused,
  lists_refused,
};
inline constexpr std::size_t count_kinds = 29;
[[nodiscard]] const char* name_of(count which);

/// An answer to a command, with the epoch that gave it.
struct owned_result {
  domain::epoch owner = 0;
  domain::command_result result;
};

/// Error codes of orders: its connection took it with it; 32 calls wait already.
inline constexpr const char* connection_lost = "ConnectionLost";
inline constexpr const char* queue_is_full = "QueueFull";

/// What became of an operator's order.
struct order_outcome {
  std::uint64_t order = 0;
  ports::order_state state = ports::order_state::sent;
  ports::order_reply reply;
};

/// What a station reports of itself, and the order to it that may have brought it about.
struct reported_progress {
  /// Of the order: its action, and what tells it from others of that action (requestId,
  /// transactionId, idTag); absent, empty: the newest one.
  std::string action;
  std::optional<std::int64_t> request;
  std::string tag;
  /// What is reported.
  std::string status;
  std::optional<std::int32_t> transaction;
  /// Nothing more follows.
  bool is_end = false;
};

/// A sample for the history, in thousandths of its plain unit: Wh, W, A, V, Celsius.
struct reported_sample {
  /// OCPP's connector; 0: the station itself.
  std::int32_t connector = 0;
  busbar::ocpp::v16::measurand what{};
  std::optional<busbar::ocpp::v16::sample_phase> phase;
  busbar::ocpp::v16::sample_location location{};
  busbar::ocpp::v16::sample_unit unit{};
  domain::instant at{};
  std::int64_t thousandths = 0;
};

struct station_effects {
  std::vector<std::string> frames;
  /// OCPP-10: connected but deaf; asked to come anew.
  bool closes = false;
  std::vector<domain::reading> readings;
  std::vector<owned_result> results;
  std::vector<domain::driver_request> requests;
  std::vector<order_outcome> orders;
  std::vector<reported_progress> progress;
  std::vector<reported_sample> samples;
  std::vector<count> counts;
  /// What an operator must know.
  std::vector<std::string> notices;
};

} // namespace busbar::adapters::ocpp::station
