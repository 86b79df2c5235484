#include "site/order_decision.hpp"

#include "control/operators/preview.hpp"
#include "domain/order_standing.hpp"

#include <utility>
#include <variant>

namespace busbar::site {

domain::order_answer decide(const std::vector<domain::order_wish>& wishes,
                            const domain::site& site, const domain::site_view& view,
                            domain::instant now) {
  std::vector<domain::order_taken> all;
  for (const auto& wish : wishes) {
    auto made = control::operators::preview(wish, site, domain::standing_of(wish, view), now);
    if (auto* refused = std::get_if<domain::order_refusal>(&made)) return std::move(*refused);
    all.push_back(std::move(std::get<domain::order_taken>(made)));
  }
  return all;
}

} // namespace busbar::site
