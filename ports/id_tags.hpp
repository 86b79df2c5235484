#pragma once
// The list of tags (RFID cards, apps) that may charge. Thread-safe; a change is on the disk when
// its call returns.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

struct id_tag {
  std::string tag;
  bool is_blocked = false;
  /// Absent: never.
  std::optional<domain::instant> expires_at;
  /// Empty: none.
  std::string parent;
  std::string notes;
  /// Empty: none.
  std::string group = {};
  /// Transactions at once; 0: any number.
  std::uint32_t concurrent_max = 0;
};

class id_tags {
public:
  virtual ~id_tags() = default;
  /// By tag.
  [[nodiscard]] virtual std::vector<id_tag> tags() const = 0;
  /// In the place of the one before. errc::out_of_range with the member, errc::full,
  /// errc::unavailable: it cannot be kept.
  [[nodiscard]] virtual domain::result<void> put_tag(const id_tag& tag) = 0;
  /// errc::unknown_reference: it is not listed; errc::unavailable.
  [[nodiscard]] virtual domain::result<void> remove_tag(const std::string& tag) = 0;
};

} // namespace busbar::ports
