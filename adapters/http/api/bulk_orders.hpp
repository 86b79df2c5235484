#pragma once
// One order to many stations: over ids, a site or a filter, some a second, with a report.
// Internal to this folder.

#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/server/router.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

/// One station's part.
struct bulk_part {
  std::string identity;
  /// Of the station when it was ordered; absent: none comes under this identity.
  std::optional<std::string> site;
  /// Its order; absent: it was given none.
  std::optional<std::uint64_t> order;
  /// Why it was given none.
  std::string refusal;
};

struct bulk_order {
  std::uint64_t number = 0;
  std::string name;
  std::uint64_t per_second = 0;
  domain::instant asked_at{};
  /// The id of the user who has ordered; empty: not known.
  std::string user_id;
  /// By identity.
  std::vector<bulk_part> parts;
};

/// The newest orders to many stations. Thread-safe.
class bulk_book {
public:
  static constexpr std::size_t bulks_max = 32;

  /// Its number. The oldest one is forgotten.
  std::uint64_t add(bulk_order made);
  [[nodiscard]] std::optional<bulk_order> find(const std::string& number) const;

private:
  mutable std::mutex guard_;
  std::deque<bulk_order> kept_;
  std::uint64_t last_ = 0;
};

void add_bulk_orders(server::router& routes, const charge_point_source& source,
                     std::shared_ptr<bulk_book> bulks);

} // namespace busbar::adapters::http::api
