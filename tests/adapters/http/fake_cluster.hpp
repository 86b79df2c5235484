#pragma once
// A scripted group of engine nodes, seen from engine-1.

#include "ports/cluster.hpp"
#include "tests/adapters/http/fake_views.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

namespace busbar::tests {

class fake_cluster : public ports::cluster {
public:
  fake_cluster() {
    now_.node = "engine-1";
    now_.address = "10.0.0.7:8000";
    add({3, ports::shard_standing::here, "engine-1", "10.0.0.7:8000", 124, noon,
         {domain::site_id{"garage"}}});
    add({4, ports::shard_standing::unowned, "", "", 0, {}, {domain::site_id{"yard"}}});
    add({6, ports::shard_standing::elsewhere, "engine-2", "10.0.0.8:8000", 9, noon,
         {domain::site_id{"depot"}}});
    add({9, ports::shard_standing::elsewhere, "engine-3", "", 10, noon, {}});
  }
  void add(ports::shard_view shard) {
    const std::lock_guard lock{mutex_};
    std::erase_if(now_.shards, [&](const auto& each) { return each.shard == shard.shard; });
    now_.shards.push_back(std::move(shard));
  }
  [[nodiscard]] ports::cluster_view view() const override {
    const std::lock_guard lock{mutex_};
    return now_;
  }
  [[nodiscard]] std::optional<ports::shard_view>
  shard_of(const domain::site_id& site) const override {
    const std::lock_guard lock{mutex_};
    const auto has = [&](const auto& each) {
      return std::ranges::find(each.sites, site) != each.sites.end();
    };
    const auto found = std::ranges::find_if(now_.shards, has);
    return found == now_.shards.end() ? std::nullopt : std::optional{*found};
  }
  /// Each site has CP- and its own name.
  [[nodiscard]] std::vector<domain::site_id>
  sites_with(const domain::station_id& station) const override {
    const std::lock_guard lock{mutex_};
    std::vector<domain::site_id> found;
    for (const auto& shard : now_.shards)
      for (const auto& site : shard.sites)
        if (station.text() == "CP-" + site.text()) found.push_back(site);
    return found;
  }

private:
  mutable std::mutex mutex_;
  ports::cluster_view now_;
};

} // namespace busbar::tests
