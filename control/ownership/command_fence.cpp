#include "control/ownership/command_fence.hpp"

namespace busbar::control::ownership {

std::string older_epoch_text(domain::epoch newest, domain::epoch owner) {
  return "epoch " + std::to_string(owner) + " is older than " + std::to_string(newest);
}

std::string refusal_text(const command_mark& last, const command_mark& next) {
  switch (judge(last, next)) {
  case fence_verdict::older_epoch: return older_epoch_text(last.owner, next.owner);
  case fence_verdict::older_number:
    return "sequence " + std::to_string(next.number) + " is older than " +
           std::to_string(last.number);
  case fence_verdict::fresh:
  case fence_verdict::repeated: break;
  }
  return {};
}

} // namespace busbar::control::ownership
