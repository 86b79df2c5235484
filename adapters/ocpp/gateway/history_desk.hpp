#pragma once
// What the stations of an exchange have reported, for the API. Internal to this folder.

#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "ports/charge_point_history.hpp"

#include <string>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

class history_desk : public ports::charge_point_history {
public:
  /// `core` outlives it.
  explicit history_desk(exchange::core& core) : core_(core) {}

  std::vector<ports::charge_point_transaction>
  transactions_of(const std::string& identity) const override;
  ports::meter_page meter_values_of(const ports::meter_question& asked) const override;

private:
  exchange::core& core_;
};

} // namespace busbar::adapters::ocpp::gateway
