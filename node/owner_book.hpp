#pragma once
// The table of owners as one engine node has read it (OWN-3): rows of `busbar.owners.v1` beside the
// node's own fences. Thread-safe.

#include "domain/cause.hpp"
#include "domain/shard_records.hpp"
#include "domain/site.hpp"
#include "node/shard_register.hpp"
#include "ports/cluster.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace busbar::node {

/// The node whose book it is.
struct book_owner {
  std::string node;
  /// Where it answers, "host:port"; empty: nowhere.
  std::string address;
  std::shared_ptr<const shard_register> shards;
  /// Those that it may be given.
  std::vector<std::shared_ptr<const domain::site>> sites;
};

class owner_book : public ports::cluster {
public:
  /// Before it, nothing is known.
  void begin(book_owner own);
  /// The newest row of its shard that was read: rows count in the order of the log.
  /// True: the row names another node, and an older fence than this node's, which stands.
  bool take(const domain::shard_owner& row);

  /// Drained: this node hands its shards to others and takes none, until it is put back.
  struct drain_order {
    bool is_drained = false;
    domain::cause by;
  };
  void drain(drain_order order);
  /// The newest one that was not taken yet: the polling thread follows it.
  [[nodiscard]] std::optional<drain_order> take_drain_order();

  [[nodiscard]] ports::cluster_view view() const override;
  [[nodiscard]] std::string node() const override;
  [[nodiscard]] std::optional<ports::shard_view>
  shard_of(const domain::site_id& site) const override;
  [[nodiscard]] std::vector<domain::site_id>
  sites_with(const domain::station_id& station) const override;

private:
  [[nodiscard]] ports::shard_view view_of(std::int32_t shard) const;

  mutable std::mutex guard_;
  book_owner own_;
  std::map<std::int32_t, std::vector<domain::site_id>> sites_;
  std::map<std::int32_t, domain::shard_owner> rows_;
  /// Where other nodes answer, by name, as rows that were read have it, also of those since gone.
  std::map<std::string, std::string> addresses_;
  bool is_drained_ = false;
  std::optional<drain_order> drain_order_;
};

} // namespace busbar::node
