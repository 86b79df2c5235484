#include "node/site_directory.hpp"

#include "node/unknown_place.hpp"

namespace busbar::node {

domain::error site_directory::missing(const domain::site_id& site) const {
  const auto standing = find(site);
  if (!standing) return unknown_site(site);
  if (*standing == site_standing::elsewhere) return is_elsewhere(site);
  return is_coming(site);
}

} // namespace busbar::node
