#pragma once
// Root certificates of a charge point that connects to a central system. They are kept and listed;
// the connection trusts what the process was started with.

#include "adapters/ocpp/client/client_order.hpp"

#include <string>

namespace busbar::adapters::ocpp::client {

/// Answers to InstallCertificate, GetInstalledCertificateIds and DeleteCertificate. What is no
/// certificate in PEM that is signed by itself is Rejected, one beyond `installed_max` Failed.
[[nodiscard]] std::string install_certificate(const order_context& order);
[[nodiscard]] std::string installed_certificates(const order_context& order);
[[nodiscard]] std::string delete_certificate(const order_context& order);

} // namespace busbar::adapters::ocpp::client
