#include "node/taken_records.hpp"

#include <algorithm>
#include <utility>

namespace busbar::node {

void taken_records::read_until(const ports::partition_id& place, std::int64_t end) {
  auto& known = ends_[place];
  known = std::max(known, end);
}

bool taken_records::is_read(const ports::partition_id& place, std::int64_t offset) const {
  const auto end = ends_.find(place);
  return end != ends_.end() && offset < end->second;
}

bool taken_records::is_first(const domain::site_id& site, const domain::request_id& request) {
  // No id holds a control character.
  auto name = site.text() + '\n' + request.text();
  if (!requests_.insert(name).second) return false;
  order_.push_back(std::move(name));
  if (order_.size() <= requests_max) return true;
  requests_.erase(order_.front());
  order_.pop_front();
  return true;
}

} // namespace busbar::node
