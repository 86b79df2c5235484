#pragma once
// All that a charge point knows of its conversation with the central system. Free functions work on
// it: `client_facts` (transactions), `client_reports` (what it sends of itself), `client_orders`
// (what it answers). None of them has a clock or a socket.

#include "adapters/ocpp/client/charge_point_body.hpp"
#include "adapters/ocpp/client/client_settings.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::ocpp::client {

/// What the central system said of a tag that was asked about.
struct tag_verdict {
  std::uint64_t question = 0;
  /// Empty: accepted.
  std::string refusal;
};

struct client_effects {
  std::vector<std::string> frames;
  /// After its frames the connection is closed, and made anew.
  bool reconnects = false;
  std::vector<tag_verdict> tags;
};

/// A transaction until its stop is acknowledged.
struct client_transaction {
  std::int32_t connector = 0;
  std::string tag;
  std::int64_t meter_start_wh = 0;
  domain::instant began_at{};
  /// Of the central system; absent until the start is answered.
  std::optional<std::int32_t> number;
  bool has_ended = false;
  std::int64_t meter_stop_wh = 0;
  domain::instant ended_at{};
  stop_reason why = stop_reason::local;
  /// The reservation that it has used up.
  std::optional<std::int32_t> reservation = {};
};

struct client_reservation {
  std::int32_t number = 0;
  std::int32_t connector = 0;
  std::string tag;
  domain::instant expires_at{};
};

/// By tag in lower case; with the version that the central system gave it, 0: none.
struct local_list {
  static constexpr std::size_t entries_max = 1'000;
  std::int32_t version = 0;
  std::map<std::string, std::string> statuses = {};
};

/// A root certificate that the central system has installed, as CertificateHashData with SHA256.
struct installed_certificate {
  static constexpr std::size_t installed_max = 16;
  /// "CentralSystemRootCertificate" or "ManufacturerRootCertificate".
  std::string use;
  std::string issuer_name_hash;
  std::string issuer_key_hash;
  std::string serial;

  bool operator==(const installed_certificate&) const = default;
};

struct upkeep_step {
  std::string status;
  domain::instant due{};
};

/// Statuses that follow one after the other.
struct upkeep_job {
  /// Of the notification.
  std::string action;
  std::optional<std::int64_t> request;
  /// The newest that was told; empty: none.
  std::string status;
  std::deque<upkeep_step> steps;
};

/// A connector as it was last reported.
struct reported_connector {
  std::string status;
  domain::instant measured_at{};
};

struct client_call {
  std::string action;
  std::string payload;
  /// Authorize: what was asked.
  std::uint64_t question = 0;
  /// Of a transaction: the connector, and that it stays until it is answered.
  std::int32_t fact_of = 0;
};

/// The CALL that is out, and when it went.
struct outstanding_call {
  client_call call;
  std::string id;
  domain::instant sent_at{};
};

enum class client_phase : std::uint8_t { away, asking, serving };

struct client_state {
  /// Calls that wait; what is more is dropped, transactions apart.
  static constexpr std::size_t queued_max = 64;
  static constexpr domain::microseconds answer_within = std::chrono::seconds{30};

  std::string model;
  charge_point_body& body;
  client_settings settings;
  client_phase phase = client_phase::away;
  /// Of this connection's ids.
  std::string prefix{};
  std::uint64_t sent = 0;
  std::optional<outstanding_call> out{};
  std::deque<client_call> queue{};
  /// In the order in which they began.
  std::deque<client_transaction> transactions{};
  /// By connector; 0: the charge point.
  std::vector<reported_connector> reported{};
  domain::instant boots_at{};
  domain::instant beats_at{};
  /// It begins anew after this; absent: no reset is due.
  std::optional<domain::instant> resets_at{};
  std::vector<client_reservation> reservations{};
  local_list listed{};
  std::vector<installed_certificate> certificates{};
  upkeep_job firmware{};
  upkeep_job upload{};
  std::int32_t firmware_version = 1;
  /// The charge point as a whole: ChangeAvailability of connector 0.
  bool is_out_of_service = false;
};

/// Null: none runs there.
[[nodiscard]] client_transaction* running_at(client_state& state, std::int32_t connector);
/// Queued; dropped where too many wait.
void enqueue(client_state& state, client_call call);
/// The frame of what is next: the boot, then transactions in their order, then what waits.
void send_next(client_state& state, client_effects& out, domain::instant now);

} // namespace busbar::adapters::ocpp::client
