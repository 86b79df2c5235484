#pragma once
// What all supervisors of an engine node share.

#include "actors/condemned.hpp"
#include "actors/test_door.hpp"

#include <memory>

namespace busbar::actors {

struct supervision_desk {
  std::shared_ptr<condemned_actors> condemned = std::make_shared<condemned_actors>();
  test_doors doors;
};

} // namespace busbar::actors
