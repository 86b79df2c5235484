#pragma once
// All that is known of one station. Free functions work on it: `station_calls` (what it sends),
// `station_answers` (what it answers, and what becomes due), `station_commands` (what the engine
// orders). None of them has a clock or a socket.

#include "adapters/ocpp/station/answered_calls.hpp"
#include "adapters/ocpp/station/call_lane.hpp"
#include "adapters/ocpp/station/number_source.hpp"
#include "adapters/ocpp/station/profile_shelf.hpp"
#include "adapters/ocpp/station/station_effects.hpp"
#include "adapters/ocpp/station/station_place.hpp"
#include "adapters/ocpp/station/transaction.hpp"
#include "control/sessions/local_list.hpp"
#include "control/ownership/command_fence.hpp"
#include "control/smart_charging/grant_profiles.hpp"
#include "domain/command.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::station {

/// What a station reports of a connector (StatusNotification).
enum class reported_status : std::uint8_t {
  unknown,
  available,
  preparing,
  charging,
  suspended_by_vehicle,
  suspended_by_station,
  finishing,
  reserved,
  unavailable,
  faulted,
};

/// What the engine granted, as long as its lease lasts.
struct held_grant {
  domain::milliamperes current{};
  domain::instant issued_at{};
  domain::seconds lease{};
  domain::epoch owner = 0;
  domain::sequence number = 0;
};

/// A start that was ordered, until its transaction begins.
struct awaited_start {
  domain::session_id session;
  domain::driver_id driver;
  domain::instant until{};
};

/// A stop that was ordered, until the station has reported the end.
struct awaited_stop {
  domain::epoch owner = 0;
  domain::sequence number = 0;
  domain::instant until{};
};

struct connector_state {
  reported_status status = reported_status::unknown;
  std::string error_code;
  /// The newest reading; `energy_wh` is what the house is told, which only grows.
  domain::reading newest{};
  /// What is added to the station's register, for meters that begin from zero.
  std::int64_t register_offset_wh = 0;
  std::optional<std::int64_t> raw_register_wh;
  control::ownership::command_mark obeyed;
  domain::command_result answer;
  std::optional<held_grant> grant;
  /// The newest grant's number that the station has accepted, or that it needs not be sent.
  domain::sequence accepted_grant = 0;
  domain::milliamperes accepted_current{};
  std::optional<awaited_start> start;
  std::optional<awaited_stop> stop;
  /// When a sample is to be asked for; absent: the next one comes by itself.
  std::optional<domain::instant> sample_at;
  /// The newest session that has ended here, with its register.
  domain::session_id last_session;
  std::int64_t last_register_wh = 0;
};

/// How onboarding goes on: its steps, one at a time.
struct onboarding_state {
  std::vector<station_call> steps;
  bool is_running = false;
};

/// The list of tags that the station keeps, where its site wants one.
struct list_state {
  bool is_due = false;
  /// What the station has, as far as it is known; absent: it is not.
  std::optional<control::sessions::local_list> held;
  control::sessions::local_list wanted;
  std::uint64_t revision = 0;
  std::size_t per_message = 1;
  /// The whole list was sent because a difference did not fit.
  bool has_mismatched = false;
};

/// A stop whose transaction is not known yet, right after the gateway has started: it is answered
/// once it is, or when its time is over.
struct early_stop {
  std::int32_t number = 0;
  std::int64_t meter_wh = 0;
  std::optional<domain::instant> at;
  std::string reason;
  /// The frame of its answer.
  std::string answer;
  domain::instant until{};
};

/// Which of the forms of a profile a station has taken, or is asked to take next.
struct learned_form {
  /// From 0, the usual one.
  std::size_t place = 0;
  /// It has refused all of them: until then no other form than the usual one is tried.
  std::optional<domain::instant> none_until;
};

struct station_abilities {
  std::string vendor;
  std::string model;
  std::string firmware;
  /// ChargeProfileMaxStackLevel, and ChargingScheduleAllowedChargingRateUnit.
  std::int32_t level_max = 0;
  control::smart_charging::rate_unit unit = control::smart_charging::rate_unit::ampere;
  learned_form grants;
  learned_form fallback;
  /// Until it answers that it does not.
  bool knows_triggers = true;
  std::map<std::string, std::string> settings;
};

/// Numbers of older transactions are not known again.
inline constexpr std::size_t ended_max = 8;

/// Older transactions are not shown any more.
inline constexpr std::size_t past_max = 50;

/// Requests that the log has refused; the oldest ones are given up.
inline constexpr std::size_t refused_max = 64;

struct station_state {
  station_place place;
  /// The connection that it has now; 0: none.
  std::uint64_t link = 0;
  std::string protocol;
  bool is_accepted = false;
  /// It was asked to boot on this connection.
  bool is_boot_triggered = false;
  std::optional<domain::instant> boot_trigger_at;
  domain::instant heard_at{};
  std::uint32_t timeouts_in_row = 0;
  bool was_closed_as_deaf = false;
  domain::epoch newest_owner = 0;
  call_lane lane;
  list_state list;
  answered_calls answered;
  std::vector<connector_state> connectors;
  std::vector<transaction> transactions;
  /// Of those that are over and settled the newest, oldest first; at most `past_max`.
  std::vector<transaction> past;
  /// Numbers of transactions that have ended, newest last; at most `ended_max`.
  std::vector<std::int32_t> ended;
  std::optional<early_stop> early;
  /// Not in the log, and made again.
  std::vector<domain::driver_request> refused;
  station_abilities abilities;
  onboarding_state onboarding;
  profile_shelf profiles;
  /// OCPP-5: messages that needed it, by tolerance.
  std::array<std::uint32_t, busbar::ocpp::v16::tolerance_count> tolerated{};
  bool status_is_unavailable = false;
};

[[nodiscard]] station_state new_station(station_place place);

/// What the log has refused of the transaction with that number is requested once more.
void offer_refused(station_state& state, std::int32_t number, station_effects& out);
/// The transaction that runs at `connector`; null: none.
[[nodiscard]] transaction* running_at(station_state& state, std::size_t connector);
[[nodiscard]] transaction* transaction_numbered(station_state& state, std::int32_t number);

/// Transactions that are over go to those of the past.
void retire(station_state& state, const std::function<bool(const transaction&)>& is_over);

/// Counts a message that was taken although it needed them; nothing where it needed none.
void count_tolerances(station_state& state, busbar::ocpp::v16::tolerance_set needed,
                      station_effects& out);
/// Queued for the station; counted where the queue is full.
void enqueue(station_state& state, station_effects& out, station_call call);
/// Writes the next call where none is outstanding and the station may be called.
void send_next(station_state& state, station_effects& out, domain::instant now);

} // namespace busbar::adapters::ocpp::station
