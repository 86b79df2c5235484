#pragma once
// Events of a site's desk until its actor takes them away. domain/events makes them.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/time.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace busbar::site {

class site_events {
public:
  explicit site_events(std::shared_ptr<const site_layout> layout) : layout_(std::move(layout)) {}

  void set_time(domain::instant now) { now_ = now; }
  /// At this site, in this plan.
  [[nodiscard]] domain::events::moment here() const { return {layout_->site->id, now_}; }
  void add(domain::event event) { events_.push_back(std::move(event)); }
  [[nodiscard]] std::vector<domain::event> take() { return std::exchange(events_, {}); }

private:
  std::shared_ptr<const site_layout> layout_;
  domain::instant now_{};
  std::vector<domain::event> events_;
};

} // namespace busbar::site
