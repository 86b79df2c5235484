#pragma once
// Which sites an engine node holds, from the partitions of telemetry that it reads (OWN-1). Pure:
// it names sites to acquire, to release and to forget, and is told what was done.
//
//   elsewhere --its partition is assigned--> wanted --acquired--> held --revoked--> elsewhere
//
//   held --its partition is lost--> in_doubt --assigned again--> regained --confirmed--> held
//                  the group is settled without it \                  | another node had it
//                                                   `--> void <-------'
//   held, regained, in_doubt --another node's fence stands in its partition--> void
//   void --forgotten--> wanted where its partition is read, else elsewhere
//
// A partition is lost where the group has not heard the node for too long: another node may hold
// its sites, so nothing of them is written. A revoked partition is handed over in order.

#include "domain/ids.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace busbar::node {

enum class site_standing : std::uint8_t { elsewhere, wanted, held, in_doubt, regained, is_void };

class ownership {
public:
  using sites = std::vector<domain::site_id>;
  using partitions = std::vector<std::int32_t>;

  /// The sites that the node knows, each with the partition of its records.
  explicit ownership(std::map<domain::site_id, std::int32_t> partition_of);

  void assigned(const partitions& given);
  /// The sites to release before the partitions are let go.
  [[nodiscard]] sites revoked(const partitions& taken);
  void lost(const partitions& gone);
  /// Another node's fence stands in each of these (OWN-2): nothing of their sites is written.
  void fenced(const partitions& taken);
  /// The group has shared out all partitions: what is in doubt and was not assigned is void.
  void settled();

  /// The site stands as its checkpoint says, or has left in order and is wanted no more.
  void acquired(const domain::site_id& site);
  /// No other node has held the site meanwhile.
  void confirmed(const domain::site_id& site);
  /// Another node has held the site meanwhile.
  void overtaken(const domain::site_id& site);
  /// Nothing of the site is held here any more. REQUIRES: it is void.
  void forgotten(const domain::site_id& site);

  [[nodiscard]] site_standing standing_of(const domain::site_id& site) const;
  [[nodiscard]] sites all(site_standing standing) const;
  [[nodiscard]] bool is_read(std::int32_t partition) const { return read_.contains(partition); }

private:
  struct known_site {
    std::int32_t partition = 0;
    site_standing standing = site_standing::elsewhere;
  };
  /// Each site of these partitions that has `from` has `to` from now on.
  void move(const partitions& of, site_standing from, site_standing to);
  void move(const domain::site_id& site, site_standing from, site_standing to);

  std::map<domain::site_id, known_site> sites_;
  /// What the node reads.
  std::set<std::int32_t> read_;
};

} // namespace busbar::node
