#pragma once
// KEEP-3: what the parts of a site remember beside the fields of its state, in sections: the desk's
// parts, and each bay's rows. They are read back under the same site file alone; under another one,
// and from another version, the parts begin anew.

#include "domain/site.hpp"
#include "domain/site_state.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::site {

struct part_sections {
  std::vector<std::uint8_t> desk;
  /// By bay; empty: nothing is known of it.
  std::vector<std::vector<std::uint8_t>> bays;
};

/// Without the bays where all are more than `site_state::part_memory_bytes_max`, and empty where
/// the desk's alone are.
[[nodiscard]] std::vector<std::uint8_t> encode(const part_sections& sections,
                                               const domain::site& site);
/// Absent: the state has none of this site file.
[[nodiscard]] std::optional<part_sections> sections_of(const domain::site_state& state,
                                                       const domain::site& site,
                                                       std::size_t bays);

} // namespace busbar::site
