#include "adapters/tls/self_signed.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace busbar::adapters::tls {

namespace {

constexpr std::size_t name_bytes_max = 253;
/// X.520: of a common name.
constexpr std::size_t common_name_bytes_max = 64;
constexpr int serial_bits = 127;

using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

domain::error unavailable() {
  return {domain::errc::unavailable, "OpenSSL makes no certificate"};
}

domain::result<void> check_names(const std::vector<std::string>& names) {
  const auto is_right = [](const std::string& name) {
    constexpr std::string_view marks = ".-:_*";
    return !name.empty() && name.size() <= name_bytes_max && std::ranges::all_of(name, [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             marks.find(c) != std::string_view::npos;
    });
  };
  if (names.empty() || names.size() > names_max)
    return domain::error{domain::errc::out_of_range,
                         std::to_string(names.size()) + " hosts are stated; allowed are 1 to 16"};
  const auto wrong = std::ranges::find_if_not(names, is_right);
  if (wrong == names.end()) return {};
  return domain::error{domain::errc::out_of_range,
                       "'" + wrong->substr(0, name_bytes_max) +
                           "': allowed is a host's name or address"};
}

/// "DNS:charge.local,IP:192.0.2.7".
std::string alternatives_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    boost::system::error_code is_name;
    boost::asio::ip::make_address(name, is_name);
    text += (text.empty() ? "" : ",") + std::string{is_name ? "DNS:" : "IP:"} + name;
  }
  return text;
}

bool extend(X509* to, int kind, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made{
      X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str()), X509_EXTENSION_free};
  return made && X509_add_ext(to, made.get(), -1) == 1;
}

bool number(X509* to) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> drawn{BN_new(), BN_free};
  return drawn && BN_rand(drawn.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(drawn.get(), X509_get_serialNumber(to)) != nullptr;
}

bool name(X509* to, const std::string& host) {
  const auto common = host.substr(0, common_name_bytes_max);
  auto* subject = X509_get_subject_name(to);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(to, subject) == 1;
}

bool date(X509* to, domain::instant now, std::chrono::days life) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  constexpr std::int64_t hour_s = 3'600;
  // Clocks of clients differ.
  return ASN1_TIME_set(X509_getm_notBefore(to), seconds - hour_s) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(to), seconds + std::chrono::seconds{life}.count()) !=
             nullptr;
}

template <class Write> std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
  if (!out || write(out.get()) != 1) return {};
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

} // namespace

domain::result<self_signed> make_self_signed(const std::vector<std::string>& names,
                                             domain::instant now, std::chrono::days life) {
  if (auto checked = check_names(names); !checked) return checked.failure();
  const key_pointer key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  const certificate_pointer made{X509_new(), X509_free};
  if (!key || !made) return unavailable();
  constexpr long version_3 = 2;
  auto* own = made.get();
  const bool is_made = X509_set_version(own, version_3) == 1 && number(own) &&
                       name(own, names.front()) && date(own, now, life) &&
                       X509_set_pubkey(own, key.get()) == 1 &&
                       extend(own, NID_basic_constraints, "critical,CA:FALSE") &&
                       extend(own, NID_key_usage, "critical,digitalSignature") &&
                       extend(own, NID_ext_key_usage, "serverAuth,clientAuth") &&
                       extend(own, NID_subject_alt_name, alternatives_of(names)) &&
                       X509_sign(own, key.get(), EVP_sha256()) > 0;
  if (!is_made) return unavailable();
  self_signed files{pem([&](BIO* out) { return PEM_write_bio_X509(out, own); }),
                    pem([&](BIO* out) {
                      return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                                      nullptr);
                    })};
  if (files.certificate.empty() || files.key.empty()) return unavailable();
  return files;
}

} // namespace busbar::adapters::tls
