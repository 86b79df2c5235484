#include "control/access/decision.hpp"

#include <algorithm>
#include <iterator>

namespace busbar::control::access {

bool is_within(const domain::site_binding& bound, const domain::site_id& site) {
  return !bound || std::find(bound->begin(), bound->end(), site) != bound->end();
}

domain::site_binding narrowed(const domain::site_binding& one, const domain::site_binding& other) {
  if (!one || !other) return one ? one : other;
  std::vector<domain::site_id> both;
  std::copy_if(one->begin(), one->end(), std::back_inserter(both),
               [&](const auto& site) { return is_within(other, site); });
  return both;
}

verdict may(const domain::principal* who, const operation_terms& operation,
            const std::optional<domain::site_id>& site) {
  if (!operation.least) return verdict::allowed;
  if (who == nullptr) return verdict::unknown_principal;
  if (who->must_change_password && !operation.is_for_expired) return verdict::password_expired;
  if (operation.is_for_people && who->is_program()) return verdict::forbidden;
  if (who->granted < *operation.least) return verdict::forbidden;
  if (operation.is_of_all_sites && who->sites) return verdict::forbidden;
  if (site && !is_within(who->sites, *site)) return verdict::not_found;
  return verdict::allowed;
}

} // namespace busbar::control::access
