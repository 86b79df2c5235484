#include "adapters/ocpp/client/client_certificates.hpp"

#include "text/json_writer.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace busbar::adapters::ocpp::client {

namespace {

using station::member_of;
using station::text_in;

template <auto Free> struct freed_by {
  template <class Object> void operator()(Object* object) const { Free(object); }
};
using certificate = std::unique_ptr<X509, freed_by<X509_free>>;
using bio = std::unique_ptr<BIO, freed_by<BIO_free>>;
using certificate_id = std::unique_ptr<OCSP_CERTID, freed_by<OCSP_CERTID_free>>;
using big_number = std::unique_ptr<BIGNUM, freed_by<BN_free>>;

std::string hex_of(const ASN1_OCTET_STRING& bytes) {
  static constexpr const char* digits = "0123456789abcdef";
  const auto* data = ASN1_STRING_get0_data(&bytes);
  std::string made;
  for (int i = 0; i < ASN1_STRING_length(&bytes); ++i) {
    made += digits[data[i] >> 4];
    made += digits[data[i] & 0xf];
  }
  return made;
}

/// In lower case, without zeros before it.
std::string number_in_hex(const ASN1_INTEGER& serial) {
  const big_number number{ASN1_INTEGER_to_BN(&serial, nullptr)};
  auto* text = number ? BN_bn2hex(number.get()) : nullptr;
  std::string made = text == nullptr ? "" : text;
  OPENSSL_free(text);
  made.erase(0, std::min(made.find_first_not_of('0'), made.size()));
  for (auto& c : made)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
  return made;
}

/// Absent: no certificate, or one of another issuer, whose key is not known here.
std::optional<installed_certificate> read_root(std::string_view pem, std::string_view use) {
  const bio from{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  const certificate root{PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)};
  if (!root || X509_check_issued(root.get(), root.get()) != X509_V_OK) return std::nullopt;
  const certificate_id id{OCSP_cert_to_id(EVP_sha256(), root.get(), root.get())};
  ASN1_OCTET_STRING* name = nullptr;
  ASN1_OCTET_STRING* key = nullptr;
  ASN1_INTEGER* serial = nullptr;
  if (!id || OCSP_id_get0_info(&name, nullptr, &key, &serial, id.get()) != 1) return std::nullopt;
  return installed_certificate{std::string{use}, hex_of(*name), hex_of(*key),
                               number_in_hex(*serial)};
}

} // namespace

std::string install_certificate(const order_context& order) {
  const auto root = read_root(text_in(order.payload, "certificate").value_or(""),
                              text_in(order.payload, "certificateType").value_or(""));
  if (!root) return status("Rejected");
  auto& all = order.state.certificates;
  if (std::ranges::find(all, *root) != all.end()) return status("Accepted");
  if (all.size() >= installed_certificate::installed_max) return status("Failed");
  all.push_back(*root);
  return status("Accepted");
}

std::string installed_certificates(const order_context& order) {
  const auto use = text_in(order.payload, "certificateType").value_or("");
  const auto is_wanted = [&](const installed_certificate& each) { return each.use == use; };
  const auto& all = order.state.certificates;
  if (std::ranges::none_of(all, is_wanted)) return status("NotFound");
  text::json_writer json;
  json.begin_object().member("status", "Accepted").key("certificateHashData").begin_array();
  for (const auto& each : all) {
    if (!is_wanted(each)) continue;
    json.begin_object().member("hashAlgorithm", "SHA256");
    json.member("issuerNameHash", each.issuer_name_hash);
    json.member("issuerKeyHash", each.issuer_key_hash);
    json.member("serialNumber", each.serial).end_object();
  }
  return json.end_array().end_object().take();
}

std::string delete_certificate(const order_context& order) {
  const auto data = member_of(order.payload, "certificateHashData");
  if (!data) return status("NotFound");
  const auto is_one = [&](const char* name, const std::string& value) {
    return text_in(*data, name) == value;
  };
  const auto gone = std::erase_if(order.state.certificates, [&](const auto& each) {
    return is_one("hashAlgorithm", "SHA256") && is_one("issuerNameHash", each.issuer_name_hash) &&
           is_one("issuerKeyHash", each.issuer_key_hash) && is_one("serialNumber", each.serial);
  });
  return status(gone > 0 ? "Accepted" : "NotFound");
}

} // namespace busbar::adapters::ocpp::client
