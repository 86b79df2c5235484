#pragma once
// The Ed25519 keys of access tokens. A key signs by one algorithm, and is named by a digest of its
// public half.

#include "domain/result.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace busbar::adapters::access {

class signing_key {
public:
  /// "EdDSA" (RFC 8037).
  static constexpr std::string_view algorithm = "EdDSA";

  [[nodiscard]] static signing_key make();
  /// PKCS#8 in PEM. errc::malformed where it is no Ed25519 key.
  [[nodiscard]] static domain::result<signing_key> from_pem(std::string_view pem);
  [[nodiscard]] std::string pem() const;

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] std::string sign(std::string_view bytes) const;
  [[nodiscard]] bool is_signature_of(std::string_view signature, std::string_view bytes) const;

private:
  explicit signing_key(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string id_;
};

/// The key that signs, and all that are still believed.
struct key_ring {
  std::string signs;
  std::map<std::string, signing_key, std::less<>> keys;
};

/// FOLDER/signing-key.pem, made where it is not there (of several processes that start at once one
/// makes it), and FOLDER/signing-key-*.pem, which sign nothing any more.
[[nodiscard]] domain::result<key_ring> read_key_ring(const std::string& folder);

} // namespace busbar::adapters::access
