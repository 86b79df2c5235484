#pragma once
// A site from its TOML file (docs/site-files.md). Every fault of the file is found in one go, each
// with its place, the value and what is allowed. What is returned is valid: the tree is one tree,
// parents stand before children, every reference resolves, and LIM-4 holds.

#include "control/sessions/authorisation.hpp"
#include "domain/fault_list.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::config {

/// One thing that is wrong with a file.
struct fault {
  std::string file;
  /// 1-based; 0 where the fault has no place (an unreadable file).
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  /// What, the value, what is allowed.
  std::string message;
};

/// "file:line:column: message".
[[nodiscard]] std::string text_of(const fault& fault);

/// A configuration key of a station, and the value that the site wants.
struct station_setting {
  std::string key;
  std::string value;
};
inline constexpr std::size_t station_settings_max = 50;

/// `[[station]] ocpp = { ... }`: how a station is known that comes by OCPP. It is no part of the
/// site: nothing that decides about power needs it.
struct station_ocpp {
  domain::station_id station;
  /// In the path of its address; unique in the file.
  std::string identity;
  /// Security profile of the white paper, 0 to 3; absent: not stated.
  std::optional<std::uint8_t> profile;
  /// OCPP-5: what is taken of it although the protocol forbids it; `strict = true`: nothing.
  busbar::ocpp::v16::tolerance_set tolerances = busbar::ocpp::v16::tolerance_set::all();
  control::sessions::tag_rules tags = {};
  std::vector<station_setting> settings = {};
  /// Its local list of tags is kept as the gateway's.
  bool keeps_list = false;
};

/// Either a site and no fault, or no site and at least one fault.
struct loaded_site {
  std::shared_ptr<const domain::site> site;
  /// The first ones (`domain::fault_list::kept_max`), in the order of the file.
  std::vector<fault> faults;
  /// So many more there are.
  std::size_t more_faults = 0;
  /// The file is right and LIM-4 alone does not hold.
  bool is_unsafe = false;
  /// Of the stations that state it, in the order of the file.
  std::vector<station_ocpp> ocpp = {};
  /// There is no such file, or it cannot be read.
  bool is_unreadable = false;
};

/// The faults as lines, those that are only counted among them.
[[nodiscard]] domain::fault_list lines_of(const loaded_site& refused);

/// Bounds of one site (docs/architecture.md).
inline constexpr std::size_t site_bytes_max = 64u << 20;
inline constexpr std::size_t nodes_max = 4'096;
inline constexpr std::size_t stations_max = 100'000;
inline constexpr std::size_t connectors_max = 200'000;
inline constexpr std::size_t id_bytes_max = 64;
inline constexpr std::size_t depth_max = 16;

/// Reads and validates the file at `path`, a regular file.
[[nodiscard]] loaded_site load_site(const std::string& path);

/// The same as one outcome: errc::conflict where there is no file that can be read, errc::unsafe
/// where LIM-4 alone fails, errc::malformed otherwise, with
/// the first faults as "file:line:column: message", joined by "; ", and how many more there are.
[[nodiscard]] domain::result<std::shared_ptr<const domain::site>>
reload_site(const std::string& path);

/// The same from text; `name` stands in the faults.
[[nodiscard]] loaded_site parse_site(std::string_view text, const std::string& name);

} // namespace busbar::adapters::config
