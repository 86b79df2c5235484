#pragma once
// What connectors may still draw where they hung before the site's tree changed (LIM-9), and until
// when that counts.

#include "control/image.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace busbar::site {

class left_behind {
public:
  explicit left_behind(std::shared_ptr<const site_layout> layout) : layout_(std::move(layout)) {}

  /// Takes back what a predecessor's state says, as far as its nodes are here.
  void restore(const domain::site_state& state, std::vector<control::node_image>& nodes);
  /// Ends what is over at `now`; true where something was.
  [[nodiscard]] bool watch(domain::instant now, std::vector<control::node_image>& nodes,
                           site_events& events);
  void add_to(domain::site_view& view) const;
  void add_to(domain::site_state& state) const;

private:
  std::shared_ptr<const site_layout> layout_;
  std::vector<domain::left_load> loads_;
  domain::instant until_{};
};

} // namespace busbar::site
