#pragma once
// The one entrance to control: image in, plan out. Deterministic: equal images and equal memory
// give equal plans, bytes included. Owned by one site actor (or one door); not thread-safe; keeps
// its working memory, so that a steady tick allocates nothing.

#include "control/image.hpp"
#include "control/plan.hpp"
#include "domain/relief.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace busbar::control {

class planner {
public:
  /// REQUIRES: a valid topology (adapters/config refuses others).
  explicit planner(std::shared_ptr<const domain::site> topology);
  ~planner();
  planner(planner&&) noexcept;
  planner& operator=(planner&&) noexcept;

  /// Decides. `image.topology` is the constructor's, sizes match it. The reference holds until the
  /// next call.
  const plan& decide(const image& image);

  /// What would lift the reason of every grant of the last plan, in the topology's order; asked for
  /// where people see it. `image` is the plan's. Holds until the next call.
  [[nodiscard]] std::span<const domain::relief> reliefs(const image& image) const;

  /// What must be remembered between plans (turns, dwell, ramps, hysteresis), as canonical bytes.
  [[nodiscard]] std::vector<std::uint8_t> memory() const;
  /// Takes memory back; false (and nothing changed) where the bytes are not such a memory.
  [[nodiscard]] bool restore(const std::vector<std::uint8_t>& memory);

private:
  struct workspace;
  std::unique_ptr<workspace> work_;
};

} // namespace busbar::control
