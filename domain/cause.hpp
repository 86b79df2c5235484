#pragma once
// Who caused something, as far as it is known: the field `caused_by` of an event.

#include <cstddef>
#include <cstdint>
#include <string>

namespace busbar::domain {

enum class cause_kind : std::uint8_t {
  unspecified = 0,
  /// Busbar itself: plans, watchdogs, restarts; also all that does not state its cause.
  system,
  /// a person who is known to Busbar
  user,
  /// what a driver identifies itself with
  token,
  /// a station or a meter, by its id
  device,
  /// a program that asked in its own name
  program,
};
[[nodiscard]] const char* name_of(cause_kind kind);

struct cause {
  /// A longer name is cut here, at a character's end, where it goes to the log.
  static constexpr std::size_t name_bytes_max = 128;

  cause_kind kind = cause_kind::system;
  /// Its name or id; empty for the system.
  std::string name;
  bool operator==(const cause&) const = default;
};

[[nodiscard]] cause caused_by_device(std::string id);
[[nodiscard]] cause caused_by_program(std::string name);
[[nodiscard]] cause caused_by_token(std::string token);

/// "device CP-001"; "system" where there is no name.
[[nodiscard]] std::string text_of(const cause& by);

/// Requests that come over HTTP, as long as they state no person.
inline constexpr const char* http_program = "http api";

} // namespace busbar::domain
