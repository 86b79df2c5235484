#pragma once
// The circuit breakers around the meters of a site's transformers and feeders (the service's meter
// is the site's own). A tick asks each meter once: fresh is a success, silent a failure. While a
// breaker is not closed its meter counts as lost (LIM-3), however fresh: a meter that comes and
// goes is believed again only after its probes. It never makes a lost meter known.
// Nothing is held or done for a site without such meters.

#include "actors/site_layout.hpp"
#include "control/image.hpp"
#include "control/metering/unmanaged_load.hpp"
#include "control/safety/breaker.hpp"
#include "domain/site_view.hpp"

#include <memory>
#include <vector>

namespace busbar::actors {

class meter_guards {
public:
  meter_guards(std::shared_ptr<const site_layout> layout,
               const control::safety::breaker_settings& settings);

  /// Once for each plan, after the meters' estimates stand in `image`. `meters` is by node. Plans
  /// within the same tick do not ask again.
  void ask(const std::vector<control::metering::unmanaged_load>& meters, domain::instant now,
           control::image& image);
  /// Whether the node's meter counts as lost whatever it says.
  [[nodiscard]] bool distrusts(domain::node_index node) const;
  [[nodiscard]] std::vector<domain::breaker_view> views() const;
  /// The moves since the last call: "breaker_opened" and "breaker_moved".
  [[nodiscard]] std::vector<domain::event> take_events();

private:
  struct guard {
    domain::node_index node;
    control::safety::breaker meter;
    domain::instant asked_at{};
  };
  void ask(guard& own, bool is_fresh, domain::instant now);
  void say(const guard& own, const control::safety::breaker_change& change);
  [[nodiscard]] std::string name_of(domain::node_index node) const;

  std::shared_ptr<const site_layout> layout_;
  control::safety::breaker_settings settings_;
  std::vector<guard> guards_;
  std::vector<domain::event> events_;
};

} // namespace busbar::actors
