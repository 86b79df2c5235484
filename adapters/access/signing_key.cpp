#include "adapters/access/signing_key.hpp"

#include "adapters/access/secrets.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace busbar::adapters::access {

namespace {

constexpr const char* key_name = "signing-key.pem";
constexpr std::string_view old_key_prefix = "signing-key-";
constexpr std::size_t id_characters = 16;
constexpr std::size_t public_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t old_keys_max = 16;

using bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string public_half(EVP_PKEY* key) {
  std::string bytes(public_bytes, '\0');
  auto size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1)
    std::abort();
  return bytes;
}

domain::result<signing_key> read_key(const std::string& path) {
  const auto pem = secret_file(path);
  if (!pem) return pem.failure();
  auto key = signing_key::from_pem(pem.value());
  if (!key) return domain::error{key.failure().code, path + ": " + key.failure().message};
  return key;
}

/// The one that is there first stays: the others have not signed anything yet.
domain::result<void> make_key_file(const std::string& path) {
  if (std::filesystem::exists(path)) return {};
  const auto own = path + "." + std::to_string(::getpid());
  if (auto written = write_secret_file(own, signing_key::make().pem()); !written) return written;
  const bool is_linked = ::link(own.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const std::string why = is_linked ? "" : std::strerror(errno);
  ::unlink(own.c_str());
  if (is_linked) return {};
  return domain::error{domain::errc::unavailable, path + ": " + why};
}

std::vector<std::string> old_key_files(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& each : std::filesystem::directory_iterator{folder, ignored}) {
    const auto name = each.path().filename().string();
    if (name.starts_with(old_key_prefix) && name.ends_with(".pem"))
      found.push_back(each.path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace

signing_key::signing_key(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key)), id_(digest_of(public_half(key_.get())).substr(0, id_characters)) {}

signing_key signing_key::make() {
  EVP_PKEY* made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (made == nullptr) std::abort();
  return signing_key{{made, EVP_PKEY_free}};
}

domain::result<signing_key> signing_key::from_pem(std::string_view pem) {
  const bio in{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all};
  EVP_PKEY* read = PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr);
  const std::shared_ptr<evp_pkey_st> key{read, EVP_PKEY_free};
  if (read == nullptr || EVP_PKEY_get_base_id(read) != EVP_PKEY_ED25519)
    return domain::error{domain::errc::malformed, "allowed is an Ed25519 private key in PEM"};
  return signing_key{key};
}

std::string signing_key::pem() const {
  const bio out{BIO_new(BIO_s_mem()), BIO_free_all};
  if (PEM_write_bio_PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    std::abort();
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string signing_key::sign(std::string_view bytes) const {
  const digest_context context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  std::string signature(signature_bytes, '\0');
  auto size = signature.size();
  const bool is_signed =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(bytes), bytes.size()) == 1;
  if (!is_signed) std::abort();
  return signature;
}

bool signing_key::is_signature_of(std::string_view signature, std::string_view bytes) const {
  const digest_context context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  return signature.size() == signature_bytes &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(bytes),
                          bytes.size()) == 1;
}

domain::result<key_ring> read_key_ring(const std::string& folder) {
  const auto path = folder + "/" + key_name;
  if (auto made = make_key_file(path); !made) return made.failure();
  auto own = read_key(path);
  if (!own) return own.failure();
  key_ring ring;
  ring.signs = own.value().id();
  ring.keys.emplace(ring.signs, own.value());
  const auto old = old_key_files(folder);
  if (old.size() > old_keys_max)
    return domain::error{domain::errc::full, folder + ": " + std::to_string(old.size()) +
                                                 " old signing keys; allowed are 16"};
  for (const auto& each : old) {
    auto key = read_key(each);
    if (!key) return key.failure();
    ring.keys.emplace(key.value().id(), key.value());
  }
  return ring;
}

} // namespace busbar::adapters::access
