#pragma once
// Diagnostics and logs that stations put here: for each order a place for one file, and the files
// that have come (OCPP-11). Thread-safe.
//
//   expected --a PUT begins--> open --its last byte--> kept       (the token is used up)
//      |                        |--too large--> gone              (the token is used up)
//      |                        \--the connection ends--> expected
//      \--its time is over--> gone

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::ports {

struct kept_upload {
  std::uint64_t number = 0;
  /// Of the station that was given the place.
  std::string identity;
  /// Of the order: "GetDiagnostics", "GetLog".
  std::string action;
  /// What the station has put behind the token; empty: nothing.
  std::string file_name;
  /// As it states it; empty: it does not.
  std::string content_type;
  std::uint64_t bytes = 0;
  domain::instant received_at{};
};

/// A file on its way. Destroyed before it is finished, it is removed.
class upload_writer {
public:
  virtual ~upload_writer() = default;
  /// errc::too_large. errc::unavailable: the disk does not take it.
  [[nodiscard]] virtual domain::result<void> write(std::string_view part) = 0;
  [[nodiscard]] virtual domain::result<kept_upload> finish(domain::instant now) = 0;
};

/// What a station states when it begins.
struct offered_upload {
  std::string token;
  std::string file_name;
  std::string content_type;
  /// Absent: it is sent in chunks.
  std::optional<std::uint64_t> bytes;
};

/// The bytes of a file as long as `held` is; they outlive its removal.
struct upload_bytes {
  kept_upload file;
  std::shared_ptr<const void> held;
  std::string_view bytes;
};

class uploads {
public:
  static constexpr std::uint64_t file_bytes_max = 67'108'864;
  /// Files; the oldest one gives way.
  static constexpr std::size_t kept_max = 200;
  /// Of all files; the oldest ones give way.
  static constexpr std::uint64_t kept_bytes_max = 4'294'967'296;
  /// Places that wait for their file.
  static constexpr std::size_t expected_max = 1'000;
  /// Files that come at once.
  static constexpr std::size_t open_max = 16;

  virtual ~uploads() = default;
  /// The URL at which that station may put one file until then. errc::full.
  [[nodiscard]] virtual domain::result<std::string> expect(const std::string& identity,
                                                           const std::string& action,
                                                           domain::instant until) = 0;
  /// The order came to nothing.
  virtual void forget(const std::string& url) = 0;
  /// errc::unknown_reference: nothing is expected under that token, whatever the reason.
  /// errc::too_large: the token is used up. errc::full: too many come at
  /// once. errc::unavailable: the disk does not take it.
  [[nodiscard]] virtual domain::result<std::unique_ptr<upload_writer>>
  open(const offered_upload& offered, domain::instant now) = 0;
  /// Of one station, newest first.
  [[nodiscard]] virtual std::vector<kept_upload> of(const std::string& identity) const = 0;
  /// Absent: not kept, or another station's.
  [[nodiscard]] virtual std::optional<upload_bytes> read(const std::string& identity,
                                                         std::uint64_t number) const = 0;
};

} // namespace busbar::ports
