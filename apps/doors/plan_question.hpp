#pragma once
// The question of `busbar plan` (docs/formats/plan-input.schema.json): one image of one site,
// and what the plan before it remembered.

#include "apps/doors/image_ledger.hpp"
#include "control/image.hpp"
#include "control/plan_state.hpp"
#include "domain/fault_list.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace busbar::apps::doors {

/// The "state" of a question or an answer.
struct door_state {
  /// The planner's memory.
  control::plan_state planned;
  /// By connector.
  std::vector<image_memory> told;
};

struct plan_question {
  control::image image;
  /// Absent: a cold start.
  std::optional<door_state> state;
  /// For each node of the document, in its order, the place in the image (parents first).
  std::vector<std::uint32_t> node_order;
};

/// Bounds of a document: its bytes, and the nodes and connectors of its site.
inline constexpr std::size_t plan_bytes_max = 256u << 20;
inline constexpr std::size_t plan_nodes_max = 50'000;
inline constexpr std::size_t plan_connectors_max = 200'000;

/// The question, or every fault as "/json/pointer: value: what is allowed".
[[nodiscard]] std::variant<plan_question, domain::fault_list>
read_plan_question(const std::string& text);

} // namespace busbar::apps::doors
