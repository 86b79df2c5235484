#pragma once
// What the owner of a site's parts keeps of its recording: the recorder, and what the parts were
// restored from. Without a recorder every call does nothing.

#include "domain/site_state.hpp"
#include "site/site_step.hpp"
#include "site/step_recorder.hpp"

#include <memory>

namespace busbar::site {

struct site_recording {
  /// Null: nothing is recorded.
  std::shared_ptr<step_recorder> to;
  std::shared_ptr<const domain::site_state> restored;

  void step(const site_step& step) const {
    if (to) to->step(step);
  }
  template <class Effect> void effect(effect_source from, const Effect& effect) const {
    if (to) to->effect(from, effect);
  }
};

} // namespace busbar::site
