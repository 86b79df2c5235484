#pragma once
// LIM-8: what the meter above says about the lines that readings claim a vehicle uses. A station
// may show one line and hide others, or show the wrong one; the meter above sees what it hides, as
// unmanaged load that comes and goes with the vehicle's current. So the unmanaged load of the
// nearest metered node above is compared, line by line, with what each connector draws:
//
//   slope of a line = sum(change of the draw * change of unmanaged) / sum(change of the draw^2)
//
// over steps in which the draw changes; older ones fade. From 1/2 on the claim that the line is not
// used is not believed, until later changes say otherwise: an honest vehicle that the building's
// load happened to follow counts on all of its lines until then.
// The unmanaged load follows a draw within one step or two (unmanaged_load.hpp holds 5 s): the
// larger of both is taken.

#include "control/image.hpp"
#include "domain/line_set.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::control::metering {

struct line_witness_settings {
  domain::seconds step{10};
  /// Smaller changes of a draw are no evidence.
  domain::milliamperes change_min{2'000};
};

/// Owned by one site. Costs nothing where no meter stands above a three-phase AC connector.
class line_witness {
public:
  explicit line_witness(const domain::site& site, const line_witness_settings& settings = {});

  /// Once a tick, with this tick's image: takes back `connector_image::used_lines` where the meter
  /// contradicts them.
  void look(image& image);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit.rows(self.records_);
    visit.rows(self.loads_);
    visit(self.stepped_at_);
  }

private:
  /// What is known of one connector. Currents of the last two steps, oldest first.
  struct record {
    std::uint32_t connector = 0;
    std::uint32_t meter = 0;
    std::array<std::int64_t, 2> drawn_ma{};
    std::int64_t square = 0;
    domain::per_line<std::int64_t> product{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.drawn_ma, self.square, self.product);
    }
  };
  using lines = domain::per_line<domain::milliamperes>;
  /// The last two steps of one metered node, oldest first; absent where its load was not known.
  using load_history = std::array<std::optional<lines>, 2>;

  void step(const image& image);
  void learn(record& about, const image& image);
  [[nodiscard]] bool contradicts(const record& about, domain::line_set claimed) const;

  line_witness_settings settings_;
  std::vector<record> records_;
  /// By node.
  std::vector<load_history> loads_;
  domain::instant stepped_at_{};
};

} // namespace busbar::control::metering
