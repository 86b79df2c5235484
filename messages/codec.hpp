#pragma once
// The one boundary between bytes and domain. Encoders never fail on valid domain values; decoders
// verify (FlatBuffers verifier, file identifier), range-check every field against the ranges stated
// in the schema, and return an error with the field, the value and what is allowed.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/reason.hpp"
#include "domain/request.hpp"
#include "domain/result.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace busbar::messages {

using bytes_view = std::span<const std::uint8_t>;

/// What could not be read (topic busbar.dead-letters.v1).
struct dead_letter {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;
  domain::errc code = domain::errc::unspecified;
  std::string reason;
  /// The original record, cut at 65 536 bytes.
  std::vector<std::uint8_t> original;
  std::uint64_t original_size = 0;
  domain::instant at{};
  bool operator==(const dead_letter&) const = default;
};

[[nodiscard]] ports::shared_bytes encode(const domain::telemetry_batch& batch);
[[nodiscard]] ports::shared_bytes encode(const domain::driver_request& request);
[[nodiscard]] ports::shared_bytes encode(const domain::command_batch& batch);
[[nodiscard]] ports::shared_bytes encode(const domain::result_batch& batch);
[[nodiscard]] ports::shared_bytes encode(const domain::session_fact& fact);
[[nodiscard]] ports::shared_bytes encode(const domain::event& event);
[[nodiscard]] ports::shared_bytes encode(const domain::decision& decision);
[[nodiscard]] ports::shared_bytes encode(const domain::site_state& state);
[[nodiscard]] ports::shared_bytes encode(const dead_letter& letter);

[[nodiscard]] domain::result<domain::telemetry_batch> decode_telemetry(bytes_view bytes);
[[nodiscard]] domain::result<domain::driver_request> decode_request(bytes_view bytes);
[[nodiscard]] domain::result<domain::command_batch> decode_commands(bytes_view bytes);
[[nodiscard]] domain::result<domain::result_batch> decode_results(bytes_view bytes);
[[nodiscard]] domain::result<domain::session_fact> decode_session_fact(bytes_view bytes);
[[nodiscard]] domain::result<domain::event> decode_event(bytes_view bytes);
[[nodiscard]] domain::result<domain::decision> decode_decision(bytes_view bytes);
[[nodiscard]] domain::result<domain::site_state> decode_site_state(bytes_view bytes);
[[nodiscard]] domain::result<dead_letter> decode_dead_letter(bytes_view bytes);

} // namespace busbar::messages
