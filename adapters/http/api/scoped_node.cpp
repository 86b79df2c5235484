#include "adapters/http/api/scoped_node.hpp"

#include "control/access/decision.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::http::api {

namespace {

bool is_among(const own_sites& sites, const domain::site_id& site) {
  return std::find(sites.begin(), sites.end(), site) != sites.end();
}

/// Facts of sessions that are asked for at once, so that enough of them are of its own sites.
constexpr std::size_t facts_at_once = 5'000;

domain::error no_station(const std::string& identity) {
  return {domain::errc::unknown_reference, "there is no charge point '" + identity + "'"};
}

} // namespace

bool scoped_reading::is_own(const domain::site_id& site) const { return is_among(sites_, site); }

domain::result<void> scoped_engine::check(const domain::site_id& site) const {
  if (is_own(site)) return {};
  return domain::error{domain::errc::unknown_reference,
                       "there is no site '" + site.text() + "' here"};
}

ports::site_place scoped_reading::place_of(const domain::site_id& site) const {
  return is_own(site) ? whole_.place_of(site) : ports::site_place::unknown;
}

std::vector<domain::site_id> scoped_reading::site_ids() const {
  auto ids = whole_.site_ids();
  std::erase_if(ids, [this](const auto& site) { return !is_own(site); });
  return ids;
}

std::shared_ptr<const domain::site_view> scoped_reading::view(const domain::site_id& site) const {
  return is_own(site) ? whole_.view(site) : nullptr;
}

std::optional<domain::station_index>
scoped_reading::find_station(const domain::site_id& site, const domain::station_id& station) const {
  return is_own(site) ? whole_.find_station(site, station) : std::nullopt;
}

std::vector<ports::driver_view> scoped_reading::drivers() const {
  auto all = whole_.drivers();
  std::erase_if(all, [this](const auto& each) { return !is_own(each.site); });
  return all;
}

std::shared_ptr<const control::smart_charging::profile_book>
scoped_reading::profiles(const domain::site_id& site, const domain::station_id& station) const {
  return is_own(site) ? whole_.profiles(site, station) : nullptr;
}

domain::result<domain::site_configuration>
scoped_engine::moves_of(const domain::site_id& site, const domain::tree_wish& wish) const {
  if (const auto own = check(site); !own) return own.failure();
  return whole().moves_of(site, wish);
}

void scoped_engine::submit(const domain::driver_request& request, ports::kept_listener then) {
  if (const auto own = check(request.site); !own) return then(own);
  whole().submit(request, std::move(then));
}

domain::result<void> scoped_engine::inject(const ports::fault_request& fault) {
  const auto own = check(fault.site);
  return own ? whole().inject(fault) : own;
}

domain::result<void> scoped_engine::ask_capability(const domain::site_id& site,
                                                   const domain::station_id& station) {
  const auto own = check(site);
  return own ? whole().ask_capability(site, station) : own;
}

void scoped_engine::order(ports::order_request request, ports::order_listener answer) {
  if (const auto own = check(request.site); !own)
    return answer(domain::order_refusal{own.failure(), {}});
  whole().order(std::move(request), std::move(answer));
}

domain::result<void> scoped_engine::configure(const domain::site_id& site,
                                              const domain::site_configuration& change,
                                              const ports::caller& by,
                                              ports::kept_listener then) {
  const auto own = check(site);
  return own ? whole().configure(site, change, by, std::move(then)) : own;
}

domain::result<void> scoped_engine::reload(const domain::site_id& site,
                                           ports::kept_listener then) {
  const auto own = check(site);
  return own ? whole().reload(site, std::move(then)) : own;
}

domain::result<void> scoped_engine::manage(const ports::profile_request& request) {
  const auto own = check(request.site);
  return own ? whole().manage(request) : own;
}

std::vector<domain::session_fact> scoped_reading::past_sessions(std::size_t count) const {
  auto facts = whole_.past_sessions(std::max(count, facts_at_once));
  std::erase_if(facts, [this](const auto& each) { return !is_own(each.site); });
  facts.resize(std::min(facts.size(), count));
  return facts;
}

std::vector<ports::journal_entry> scoped_reading::journal(std::uint64_t after,
                                                         std::size_t count) const {
  std::vector<ports::journal_entry> found;
  for (auto batch = whole_.journal(after, count); !batch.empty() && found.size() < count;
       batch = whole_.journal(after, count)) {
    after = batch.back().number;
    for (auto& entry : batch)
      if (found.size() < count && is_own(entry.event.site)) found.push_back(std::move(entry));
  }
  return found;
}

std::vector<ports::journal_entry> scoped_reading::journal_before(std::uint64_t before,
                                                                std::size_t count) const {
  std::vector<ports::journal_entry> found;
  for (auto batch = whole_.journal_before(before, count); !batch.empty() && found.size() < count;
       batch = whole_.journal_before(before, count)) {
    before = batch.back().number;
    for (auto& entry : batch)
      if (found.size() < count && is_own(entry.event.site)) found.push_back(std::move(entry));
  }
  return found;
}

void scoped_archive::sessions(const ports::session_query& wanted,
                              std::function<void(domain::result<ports::session_page>)> then) {
  auto own = wanted;
  own.sites = sites_;
  whole_->sessions(own, std::move(then));
}

void scoped_archive::events(
    const ports::event_query& wanted,
    std::function<void(domain::result<std::vector<ports::archived_event>>)> then) {
  auto own = wanted;
  own.sites = sites_;
  whole_->events(own, std::move(then));
}

ports::cluster_view scoped_cluster::view() const {
  auto now = whole_.view();
  for (auto& shard : now.shards)
    std::erase_if(shard.sites, [this](const auto& site) { return !is_among(sites_, site); });
  return now;
}

std::optional<ports::shard_view> scoped_cluster::shard_of(const domain::site_id& site) const {
  return is_among(sites_, site) ? whole_.shard_of(site) : std::nullopt;
}

std::vector<domain::site_id> scoped_cluster::sites_with(const domain::station_id& station) const {
  auto all = whole_.sites_with(station);
  std::erase_if(all, [this](const auto& site) { return !is_among(sites_, site); });
  return all;
}

std::optional<std::string> scoped_charge_points::site_of(const std::string& identity) const {
  auto site = whole_()->site_of(identity);
  const bool is_own = site && is_among(sites_, domain::site_id{*site});
  return is_own ? std::move(site) : std::nullopt;
}

std::vector<ports::charge_point_now> scoped_charge_points::stations() const {
  auto all = whole_()->stations();
  std::erase_if(all, [this](const auto& each) {
    return !is_among(sites_, domain::site_id{each.site});
  });
  return all;
}

std::vector<ports::charge_point_profile>
scoped_charge_points::profiles_of(const std::string& identity) const {
  if (!has_station(identity)) return {};
  return whole_()->profiles_of(identity);
}

domain::result<std::uint64_t> scoped_charge_points::order(const ports::charge_point_order& wanted,
                                                          domain::instant now) {
  if (!has_station(wanted.identity)) return no_station(wanted.identity);
  return whole_()->order(wanted, now);
}

domain::result<void> scoped_charge_points::cancel(const std::string& identity,
                                                  std::uint64_t number, domain::instant now) {
  if (!has_station(identity)) return no_station(identity);
  return whole_()->cancel(identity, number, now);
}

void scoped_charge_points::await(std::uint64_t number, domain::instant until, listener told) {
  whole_()->await(number, until, std::move(told));
}

std::vector<ports::order_standing>
scoped_charge_points::orders_of(const std::string& identity) const {
  if (!has_station(identity)) return {};
  return whole_()->orders_of(identity);
}

std::vector<ports::charge_point_frame>
scoped_charge_points::frames_of(const std::string& identity) const {
  if (!has_station(identity)) return {};
  return whole_()->frames_of(identity);
}

} // namespace busbar::adapters::http::api
