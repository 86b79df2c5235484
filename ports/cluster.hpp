#pragma once
// What an engine node knows of its group: which node owns each shard, and where that node answers.
// Published snapshots: every call answers at once, on any thread.

#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

/// A shard as one engine node sees it.
enum class shard_standing : std::uint8_t {
  /// No node owns it, as far as this one has read; so are shards without a site.
  unowned,
  /// This node's fence stands.
  here,
  /// Another node's row stands in the table of owners.
  elsewhere,
};

struct shard_view {
  std::int32_t shard = 0;
  shard_standing standing = shard_standing::unowned;
  /// The engine node; empty: none.
  std::string owner;
  /// Where the owner answers, "host:port"; empty: nowhere.
  std::string address;
  /// Of the owner's fence; 0: none.
  domain::epoch epoch = 0;
  /// Absent until the owner's row is read.
  std::optional<domain::instant> since;
  /// Those that this node knows, in order of their ids.
  std::vector<domain::site_id> sites;
};

/// Where an engine node answers.
struct node_address {
  std::string node;
  /// "host:port".
  std::string address;
};

struct cluster_view {
  /// This node, and where it answers, "host:port"; empty: nowhere.
  std::string node;
  std::string address;
  /// It takes no shards until it is put back.
  bool is_drained = false;
  /// One for each shard, in order.
  std::vector<shard_view> shards;
  /// Where every other node that has owned a shard answers, by name; empty: nowhere.
  std::map<std::string, std::string> addresses;
};

class cluster {
public:
  virtual ~cluster() = default;
  [[nodiscard]] virtual cluster_view view() const = 0;
  /// The name of this node.
  [[nodiscard]] virtual std::string node() const { return view().node; }
  /// The shard of a site; absent for one that this node does not know.
  [[nodiscard]] virtual std::optional<shard_view> shard_of(const domain::site_id& site) const = 0;
  /// The sites that this node knows with a station of that name, as their files have it.
  [[nodiscard]] virtual std::vector<domain::site_id>
  sites_with(const domain::station_id& station) const = 0;
};

} // namespace busbar::ports
