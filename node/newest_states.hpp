#pragma once
// Of each site the state to go on from, of all that its partition of busbar.sites.v1 holds. A node
// that was cut off may write a state of its time after those of its successor (OWN-2).
// Used by one thread.

#include "actors/operator_mail.hpp"
#include "domain/epochs.hpp"
#include "domain/site_state.hpp"
#include "messages/codec.hpp"
#include "messages/record_decoder.hpp"
#include "ports/event_log.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace busbar::node {

class newest_states {
public:
  using unusable_state = std::pair<const ports::record*, domain::error>;
  using site_files = std::map<domain::site_id, std::shared_ptr<const domain::site>>;

  /// `files` outlive it.
  explicit newest_states(const site_files& files) : files_(files) {}

  /// Records come in their partition's order, and outlive it. A tombstone forgets the site.
  void take(const ports::record& record) {
    unusable_.erase(record.key);
    if (record.value == nullptr) {
      states_.erase(domain::site_id{record.key});
      return;
    }
    auto state = messages::decode_record(record, messages::decode_site_state);
    if (state) state = valid(std::move(state.value()));
    if (!state) {
      unusable_.emplace(record.key, std::pair{&record, state.failure()});
      return;
    }
    auto& known = states_.try_emplace(state.value().site, state.value()).first->second;
    if (!domain::is_older(state.value().owner, known.owner)) known = std::move(state.value());
  }
  [[nodiscard]] const std::map<domain::site_id, domain::site_state>& all() const {
    return states_;
  }
  /// The newest records of their sites that cannot be read, or do not fit, and why.
  [[nodiscard]] std::vector<unusable_state> unusable() const {
    std::vector<unusable_state> all;
    for (const auto& [key, each] : unusable_) all.push_back(each);
    return all;
  }

private:
  /// The same state, unless it names what the site of its topology does not have.
  [[nodiscard]] domain::result<domain::site_state> valid(domain::site_state state) const {
    const auto file = files_.find(state.site);
    if (file == files_.end() || file->second->topology_hash != state.topology_hash) return state;
    auto checked = actors::validate(state, *file->second);
    if (!checked) return checked.failure();
    return state;
  }

  const site_files& files_;
  std::map<domain::site_id, domain::site_state> states_;
  std::map<std::string, unusable_state> unusable_;
};

} // namespace busbar::node
