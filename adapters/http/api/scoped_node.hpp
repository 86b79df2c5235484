#pragma once
// An engine node as a principal that is bound to some sites sees it: the others do not exist, and
// what belongs to no site is not shown. Handlers do not know of it.

#include "domain/principal.hpp"
#include "ports/archive.hpp"
#include "ports/charge_points.hpp"
#include "ports/cluster.hpp"
#include "ports/engine_node.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

using own_sites = std::vector<domain::site_id>;

/// What is read of it.
class scoped_reading : public ports::engine_node {
public:
  /// `whole` outlives it.
  scoped_reading(ports::engine_node& whole, own_sites shown)
      : whole_(whole), sites_(std::move(shown)) {}

  [[nodiscard]] ports::site_place place_of(const domain::site_id& site) const override;
  [[nodiscard]] std::vector<domain::site_id> site_ids() const override;
  [[nodiscard]] std::shared_ptr<const domain::site_view>
  view(const domain::site_id& site) const override;
  [[nodiscard]] std::optional<domain::station_index>
  find_station(const domain::site_id& site, const domain::station_id& station) const override;
  [[nodiscard]] std::vector<ports::driver_view> drivers() const override;
  [[nodiscard]] std::vector<domain::breaker_view> node_breakers() const override { return {}; }
  [[nodiscard]] std::vector<domain::watchdog_view> node_watchdogs() const override { return {}; }
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, const domain::station_id& station) const override;
  [[nodiscard]] std::vector<domain::session_fact> past_sessions(std::size_t count) const override;
  [[nodiscard]] std::vector<ports::journal_entry> journal(std::uint64_t after,
                                                          std::size_t count) const override;
  [[nodiscard]] std::vector<ports::journal_entry> journal_before(std::uint64_t before,
                                                                 std::size_t count) const override;
  [[nodiscard]] std::uint64_t journal_whole_from() const override {
    return whole_.journal_whole_from();
  }
  [[nodiscard]] std::uint64_t journal_end() const override { return whole_.journal_end(); }

  domain::result<void> watch_health(domain::health_probe probe) override {
    return whole_.watch_health(std::move(probe));
  }
  [[nodiscard]] std::vector<ports::health_check> health_checks() const override {
    return whole_.health_checks();
  }
  [[nodiscard]] const ports::engine_counters& counters() const override {
    return whole_.counters();
  }
  [[nodiscard]] ports::log_statistics log_statistics() const override {
    return whole_.log_statistics();
  }

protected:
  [[nodiscard]] bool is_own(const domain::site_id& site) const;
  [[nodiscard]] ports::engine_node& whole() const { return whole_; }

private:
  ports::engine_node& whole_;
  const own_sites sites_;
};

/// And what is ordered: errc::unknown_reference of a site that is not its own.
class scoped_engine : public scoped_reading {
public:
  using scoped_reading::scoped_reading;

  [[nodiscard]] domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const override;
  void submit(const domain::driver_request& request, ports::kept_listener then) override;
  [[nodiscard]] bool allows_faults() const override { return whole().allows_faults(); }
  domain::result<void> inject(const ports::fault_request& fault) override;
  domain::result<void> ask_capability(const domain::site_id& site,
                                      const domain::station_id& station) override;
  void order(ports::order_request request, ports::order_listener answer) override;
  domain::result<void> configure(const domain::site_id& site,
                                 const domain::site_configuration& change,
                                 const ports::caller& by, ports::kept_listener then) override;
  domain::result<void> reload(const domain::site_id& site, ports::kept_listener then) override;
  domain::result<void> manage(const ports::profile_request& request) override;

private:
  [[nodiscard]] domain::result<void> check(const domain::site_id& site) const;
};

class scoped_cluster : public ports::cluster {
public:
  /// `whole` outlives it.
  scoped_cluster(const ports::cluster& whole, own_sites sites)
      : whole_(whole), sites_(std::move(sites)) {}

  [[nodiscard]] ports::cluster_view view() const override;
  [[nodiscard]] std::string node() const override { return whole_.node(); }
  [[nodiscard]] std::optional<ports::shard_view>
  shard_of(const domain::site_id& site) const override;
  [[nodiscard]] std::vector<domain::site_id>
  sites_with(const domain::station_id& station) const override;

private:
  const ports::cluster& whole_;
  const own_sites sites_;
};

/// The history of its own sites.
class scoped_archive : public ports::archive {
public:
  /// `whole` outlives it; null: no history is kept, and nothing is asked.
  scoped_archive(ports::archive* whole, own_sites sites)
      : whole_(whole), sites_(std::move(sites)) {}

  void sessions(const ports::session_query& wanted,
                std::function<void(domain::result<ports::session_page>)> then) override;
  void events(const ports::event_query& wanted,
              std::function<void(domain::result<std::vector<ports::archived_event>>)> then)
      override;
  [[nodiscard]] ports::archive_status status() const override { return whole_->status(); }

private:
  ports::archive* const whole_;
  const own_sites sites_;
};

class scoped_charge_points : public ports::charge_points {
public:
  using source = std::function<ports::charge_points*()>;

  scoped_charge_points(source whole, own_sites sites)
      : whole_(std::move(whole)), sites_(std::move(sites)) {}
  /// False while no gateway runs: nothing else is asked then.
  [[nodiscard]] bool is_there() const { return whole_() != nullptr; }

  [[nodiscard]] std::optional<std::string>
  site_of(const std::string& identity) const override;
  [[nodiscard]] std::vector<ports::charge_point_now> stations() const override;
  [[nodiscard]] std::vector<ports::charge_point_profile>
  profiles_of(const std::string& identity) const override;
  [[nodiscard]] domain::result<std::uint64_t> order(const ports::charge_point_order& wanted,
                                                    domain::instant now) override;
  [[nodiscard]] domain::result<void> cancel(const std::string& identity, std::uint64_t number,
                                            domain::instant now) override;
  void await(std::uint64_t number, domain::instant until, listener told) override;
  [[nodiscard]] std::vector<ports::order_standing>
  orders_of(const std::string& identity) const override;
  [[nodiscard]] std::vector<ports::charge_point_frame>
  frames_of(const std::string& identity) const override;
  [[nodiscard]] std::optional<ports::order_standing>
  order_numbered(std::uint64_t number) const override {
    return whole_()->order_numbered(number);
  }
  [[nodiscard]] std::int32_t new_number() override { return whole_()->new_number(); }
  [[nodiscard]] std::string fault_of_url(const std::string& url) const override {
    return whole_()->fault_of_url(url);
  }
  /// REQUIRES: what is asked of it is asked of a station that `has_station` has.
  [[nodiscard]] const ports::charge_point_history* history() const override {
    return whole_()->history();
  }

private:
  const source whole_;
  const own_sites sites_;
};

} // namespace busbar::adapters::http::api
