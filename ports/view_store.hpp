#pragma once
// Published snapshots: written by actors, read by HTTP and metrics without asking an actor.
// Sites come and go; what is published of one that has gone is dropped. Thread-safe.

#include "ports/sites.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace busbar::ports {

class view_store {
public:
  explicit view_store(const std::vector<domain::site_id>& sites = {}) {
    for (const auto& site : sites) slots_.try_emplace(site);
  }

  void add(const domain::site_id& site) {
    const std::unique_lock lock{sites_guard_};
    slots_.try_emplace(site);
  }
  void remove(const domain::site_id& site) {
    const std::unique_lock lock{sites_guard_};
    slots_.erase(site);
  }
  void publish(std::shared_ptr<const domain::site_view> view) {
    change(view->topology->id, [&](slot& place_of) {
      if (place_of.revised && place_of.revised->revision == view->topology->revision)
        place_of.revised.reset();
      place_of.newest = std::move(view);
    });
  }
  /// A revision of the site is accepted: until its own views come, those of the one before it show
  /// what it states, where the places are the same.
  void revise(const domain::site_id& site, std::shared_ptr<const domain::site> next) {
    change(site, [&](slot& place_of) { place_of.revised = std::move(next); });
  }
  [[nodiscard]] std::shared_ptr<const domain::site_view> view(const domain::site_id& site) const {
    const std::shared_lock sites_stay{sites_guard_};
    const auto found = slots_.find(site);
    if (found == slots_.end()) return nullptr;
    const std::lock_guard lock{found->second.guard};
    const auto& newest = found->second.newest;
    const auto& revised = found->second.revised;
    const bool is_revised = newest && revised &&
                            revised->topology_hash == newest->topology->topology_hash;
    if (!is_revised) return newest;
    auto shown = std::make_shared<domain::site_view>(*newest);
    shown->topology = revised;
    return shown;
  }
  /// What a station's conversation remembers of its charging profiles.
  void publish(const domain::site_id& site, domain::station_index station,
               std::shared_ptr<const control::smart_charging::profile_book> profiles) {
    change(site, [&](slot& place_of) {
      place_of.profiles.insert_or_assign(station, std::move(profiles));
    });
  }
  /// Null where nothing was accepted yet.
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, domain::station_index station) const {
    const std::shared_lock sites_stay{sites_guard_};
    const auto found = slots_.find(site);
    if (found == slots_.end()) return nullptr;
    const std::lock_guard lock{found->second.guard};
    const auto kept = found->second.profiles.find(station);
    return kept == found->second.profiles.end() ? nullptr : kept->second;
  }
  /// The places of the site's stations mean others from now on.
  void forget_profiles(const domain::site_id& site) {
    change(site, [](slot& place_of) { place_of.profiles.clear(); });
  }
  [[nodiscard]] std::vector<domain::site_id> sites() const {
    const std::shared_lock sites_stay{sites_guard_};
    std::vector<domain::site_id> ids;
    for (const auto& [id, unused] : slots_) ids.push_back(id);
    return ids;
  }

  void publish(const driver_view& driver) {
    const std::lock_guard lock{guard_};
    drivers_.insert_or_assign(driver.driver, driver);
  }
  void remove(const domain::driver_id& driver) {
    const std::lock_guard lock{guard_};
    drivers_.erase(driver);
  }
  [[nodiscard]] std::vector<driver_view> drivers() const {
    const std::lock_guard lock{guard_};
    std::vector<driver_view> all;
    for (const auto& [id, driver] : drivers_) all.push_back(driver);
    return all;
  }

  /// Breakers and watchdogs that belong to no site, by actor.
  void publish(const domain::breaker_view& breaker) {
    const std::lock_guard lock{guard_};
    breakers_.insert_or_assign(breaker.actor, breaker);
  }
  void publish(const domain::watchdog_view& dog) {
    const std::lock_guard lock{guard_};
    watchdogs_.insert_or_assign(dog.actor, dog);
  }
  void remove_node_part(const std::string& actor) {
    const std::lock_guard lock{guard_};
    breakers_.erase(actor);
    watchdogs_.erase(actor);
  }
  [[nodiscard]] std::vector<domain::breaker_view> node_breakers() const {
    const std::lock_guard lock{guard_};
    std::vector<domain::breaker_view> all;
    for (const auto& [actor, breaker] : breakers_) all.push_back(breaker);
    return all;
  }
  [[nodiscard]] std::vector<domain::watchdog_view> node_watchdogs() const {
    const std::lock_guard lock{guard_};
    std::vector<domain::watchdog_view> all;
    for (const auto& [actor, dog] : watchdogs_) all.push_back(dog);
    return all;
  }

private:
  struct slot {
    mutable std::mutex guard;
    std::shared_ptr<const domain::site_view> newest;
    std::shared_ptr<const domain::site> revised;
    std::map<domain::station_index, std::shared_ptr<const control::smart_charging::profile_book>>
        profiles;
  };
  template <class Change> void change(const domain::site_id& site, Change apply) {
    const std::shared_lock sites_stay{sites_guard_};
    const auto found = slots_.find(site);
    if (found == slots_.end()) return;
    const std::lock_guard lock{found->second.guard};
    apply(found->second);
  }
  mutable std::shared_mutex sites_guard_;
  std::map<domain::site_id, slot> slots_;
  mutable std::mutex guard_;
  std::map<domain::driver_id, driver_view> drivers_;
  std::map<std::string, domain::breaker_view> breakers_;
  std::map<std::string, domain::watchdog_view> watchdogs_;
};

} // namespace busbar::ports
