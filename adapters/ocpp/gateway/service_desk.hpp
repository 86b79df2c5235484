#pragma once
// Service orders from the API to the stations of an exchange (OCPP-11).

#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "adapters/ocpp/gateway/history_desk.hpp"
#include "ports/charge_points.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

class service_desk : public ports::charge_points, public ports::id_tags {
public:
  /// `core` outlives it.
  explicit service_desk(exchange::core& core)
      : core_(core), history_(core), numbers_(~core.settings.number_key) {}

  std::optional<std::string> site_of(const std::string& identity) const override;
  std::vector<ports::charge_point_now> stations() const override;
  std::vector<ports::charge_point_profile> profiles_of(const std::string& identity) const override;
  domain::result<std::uint64_t> order(const ports::charge_point_order& wanted,
                                      domain::instant now) override;
  domain::result<void> cancel(const std::string& identity, std::uint64_t number,
                              domain::instant now) override;
  void await(std::uint64_t number, domain::instant until, listener told) override;
  std::vector<ports::order_standing> orders_of(const std::string& identity) const override;
  std::optional<ports::order_standing> order_numbered(std::uint64_t number) const override;
  std::vector<ports::charge_point_frame> frames_of(const std::string& identity) const override;
  std::int32_t new_number() override;
  std::string fault_of_url(const std::string& url) const override;
  const ports::charge_point_history* history() const override { return &history_; }
  ports::id_tags* list_of_tags() override { return this; }
  std::vector<ports::id_tag> tags() const override;
  domain::result<void> put_tag(const ports::id_tag& tag) override;
  domain::result<void> remove_tag(const std::string& tag) override;

private:
  /// The list in force; the change of a copy is written without the lock of the exchange, and then
  /// takes its place.
  [[nodiscard]] std::shared_ptr<const tag_book> tags_now() const;
  template <class Change> domain::result<void> change_tags(Change&& change);

  exchange::core& core_;
  history_desk history_;
  /// Changes of the list, one after the other.
  std::mutex changing_;
  /// Of reservations and requests.
  station::number_source numbers_;
};

} // namespace busbar::adapters::ocpp::gateway
