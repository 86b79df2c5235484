#include "adapters/tls/tls_context.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <ctime>
#include <set>

namespace busbar::adapters::tls {

namespace {

using domain::errc;
using domain::error;
using domain::instant;

/// TLS 1.2: ephemeral keys and AEAD alone.
constexpr const char* suites = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK:!SRP";
constexpr const char* suites_with_rsa =
    "ECDHE+AESGCM:ECDHE+CHACHA20:AES256-GCM-SHA384:AES128-GCM-SHA256:!aNULL:!PSK:!SRP";

error malformed(const std::string& path, const char* allowed) {
  const auto code = ERR_get_error();
  const char* why = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return {errc::malformed, path + ": " + (why ? std::string{why} + "; " : "") + allowed};
}

/// The far end of a pipe may never come, and a device never ends.
domain::result<void> check_file(const std::string& path, bool is_secret) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0)
    return error{errc::unavailable, "'" + path + "': cannot be read"};
  if (!S_ISREG(about.st_mode))
    return error{errc::unavailable, path + ": cannot be read: allowed is a regular file"};
  if (is_secret && (about.st_mode & 007) != 0)
    return error{errc::forbidden, path + ": others may read it; allowed is mode 0600 or 0640"};
  return {};
}

/// Nobody is asked on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

shared_context made_context(const SSL_METHOD* method) {
  shared_context made{SSL_CTX_new(method), [](SSL_CTX* of) { SSL_CTX_free(of); }};
  auto* context = made.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, suites);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // An idle connection keeps no buffer; a retried write may come from another place.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  return made;
}

domain::result<void> present(SSL_CTX* context, const certificate_files& files) {
  if (auto there = check_file(files.certificate, false); !there) return there;
  if (auto there = check_file(files.key, true); !there) return there;
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return malformed(files.certificate, "allowed is a certificate with its chain (PEM)");
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool is_foreign = ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (!is_foreign) return malformed(files.key, "allowed is a key without a passphrase (PEM)");
    ERR_clear_error();
    return error{errc::conflict, files.key + ": is not the key of " + files.certificate};
  }
  if (SSL_CTX_check_private_key(context) == 1) return {};
  ERR_clear_error();
  return error{errc::conflict, files.key + ": is not the key of " + files.certificate};
}

std::optional<instant> instant_of(const ASN1_TIME* at) {
  std::tm parts{};
  if (at == nullptr || ASN1_TIME_to_tm(at, &parts) != 1) return std::nullopt;
  return instant{std::chrono::seconds{::timegm(&parts)}};
}

void note_end(const certificate_files& files, const X509* own, server_context& made) {
  const auto ends_at = instant_of(X509_get0_notAfter(own));
  const bool is_first = made.ends_first.empty() || (ends_at && *ends_at < made.ends_at);
  if (!ends_at || !is_first) return;
  made.ends_first = files.certificate;
  made.ends_at = *ends_at;
}

domain::result<void> trust(SSL_CTX* context, const std::string& path) {
  if (auto there = check_file(path, false); !there) return there;
  ERR_clear_error();
  auto* names = SSL_load_client_CA_file(path.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, path.c_str()) != 1)
    return malformed(path, "allowed are certificates of authorities (PEM)");
  SSL_CTX_set_client_CA_list(context, names);
  return {};
}

domain::result<void> deny_revoked(SSL_CTX* context, const std::string& path,
                                  server_context& made) {
  if (auto there = check_file(path, false); !there) return there;
  ERR_clear_error();
  const std::unique_ptr<BIO, decltype(&BIO_free)> file{BIO_new_file(path.c_str(), "r"), BIO_free};
  auto* store = SSL_CTX_get_cert_store(context);
  std::size_t count = 0;
  while (file) {
    const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list{
        PEM_read_bio_X509_CRL(file.get(), nullptr, no_passphrase, nullptr), X509_CRL_free};
    if (!list) break;
    if (X509_STORE_add_crl(store, list.get()) != 1)
      return malformed(path, "allowed are lists of revoked certificates, each once (PEM)");
    const auto ends_at = instant_of(X509_CRL_get0_nextUpdate(list.get()));
    if (ends_at && (!made.lists_end_at || *ends_at < *made.lists_end_at))
      made.lists_end_at = ends_at;
    ++count;
  }
  const bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 || !is_at_end)
    return malformed(path, "allowed are lists of revoked certificates (PEM)");
  ERR_clear_error();
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  return {};
}

} // namespace

domain::result<server_context> make_server_context(const server_files& files) {
  server_context made;
  made.context = made_context(TLS_server_method());
  auto* context = made.context.get();
  if (files.takes_rsa_key_exchange) SSL_CTX_set_cipher_list(context, suites_with_rsa);
  SSL_CTX_set_num_tickets(context, 0);
  if (files.own.empty() || files.own.size() > certificates_max)
    return error{errc::out_of_range, "certificates: " + std::to_string(files.own.size()) +
                                         " are stated; allowed are 1 to 4"};
  std::set<int> kinds;
  for (const auto& each : files.own) {
    if (auto done = present(context, each); !done) return done.failure();
    const auto* own = SSL_CTX_get0_certificate(context);
    // A second one of a kind would silently take the place of the first.
    if (!kinds.insert(EVP_PKEY_base_id(X509_get0_pubkey(own))).second)
      return error{errc::conflict, each.certificate + ": another one has a key of this kind; "
                                                      "allowed is one RSA and one ECDSA"};
    note_end(each, own, made);
  }
  if (!files.revoked.empty() && files.authorities.empty())
    return error{errc::conflict, files.revoked + ": revoked certificates of no authority; a file "
                                                 "of authorities is to be stated too"};
  if (files.authorities.empty()) return made;
  if (auto done = trust(context, files.authorities); !done) return done.failure();
  if (!files.revoked.empty())
    if (auto done = deny_revoked(context, files.revoked, made); !done) return done.failure();
  // A station that presents none may still come with a key (profile 2).
  const int more = files.is_certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | more, nullptr);
  return made;
}

domain::result<shared_context> make_client_context(const client_files& files) {
  auto made = made_context(TLS_client_method());
  auto* context = made.get();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  ERR_clear_error();
  if (files.authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else {
    if (auto there = check_file(files.authorities, false); !there) return there.failure();
    if (SSL_CTX_load_verify_file(context, files.authorities.c_str()) != 1)
      return malformed(files.authorities, "allowed are certificates of authorities (PEM)");
  }
  if (files.own)
    if (auto done = present(context, *files.own); !done) return done.failure();
  return made;
}

} // namespace busbar::adapters::tls
