#pragma once
// What load shedding acts on: the measured load of a node that the split cannot explain. That is a
// rise of its unmanaged load within the time that vehicles need to follow (SAFE-2: 5 s and two
// readings), and what stations draw above everything that they were told or acknowledged. What the
// split hands out is explained, however full a node is: the split alone never sheds.

#include "control/image.hpp"
#include "control/plan.hpp"
#include "domain/safety_settings.hpp"
#include "domain/site.hpp"

#include <array>
#include <optional>
#include <vector>

namespace busbar::control::safety {

/// The fullest of the nodes whose unexplained part counts; where none counts, the fullest of all.
struct site_load {
  domain::node_index node;
  domain::permille load;
  domain::permille unexplained;
};

class unexplained_load {
public:
  explicit unexplained_load(const domain::site& site);

  /// Once a tick, with the image of now and the newest plan (whose bounds hold). Absent where no
  /// node with a current limit has a load that is known.
  [[nodiscard]] std::optional<site_load> observe(const domain::shedding_settings& settings,
                                                 const image& image, const plan& plan);

  /// Vehicles follow a lower value within this time.
  static constexpr domain::seconds response{7};

private:
  using lines = domain::per_line<domain::milliamperes>;
  /// One slot a second; the lowest unmanaged load of the window is what the plans knew.
  struct history {
    std::array<lines, 8> slots{};
    std::int64_t newest_second = 0;
    std::size_t filled = 0;
  };

  void add_connectors(const image& image, const plan& plan);
  void pass_up();
  [[nodiscard]] static lines rise_of(history& past, const lines& unmanaged, domain::instant now);

  const domain::site& site_;
  std::vector<history> histories_;
  /// By node: what connectors below draw, and how much of it nobody told them.
  std::vector<lines> drawn_;
  std::vector<lines> overdrawn_;
};

/// The load that `load_shedding` is asked about: as measured where the split cannot explain it,
/// otherwise below the level at which shedding falls.
[[nodiscard]] std::optional<domain::permille>
load_to_shed(const domain::shedding_settings& settings, const std::optional<site_load>& load);

} // namespace busbar::control::safety
