#include "tests/adapters/ocpp/test_authority.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace busbar::tests {

namespace {

using key_pointer = std::shared_ptr<EVP_PKEY>;

key_pointer drawn_key(key_kind kind) {
  auto* made = kind == key_kind::rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
  return {made, EVP_PKEY_free};
}

template <class Write> std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
  write(out.get());
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str());
  if (made == nullptr) throw std::runtime_error{text};
  X509_add_ext(to, made, -1);
  X509_EXTENSION_free(made);
}

std::shared_ptr<X509> begun(const std::string& name, EVP_PKEY* key, long serial, long days) {
  std::shared_ptr<X509> made{X509_new(), X509_free};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  constexpr long day_s = 86'400;
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -2 * day_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), days * day_s);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return made;
}

} // namespace

test_authority::test_authority(const std::string& name) : key_(drawn_key(key_kind::ecdsa)) {
  own_ = begun(name, key_.get(), 1, 3'650);
  X509_set_issuer_name(own_.get(), X509_get_subject_name(own_.get()));
  add_extension(own_.get(), own_.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own_.get(), own_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(own_.get(), key_.get(), EVP_sha256());
}

test_authority::~test_authority() = default;

issued test_authority::issue(const certificate_wish& wish) {
  const auto key = drawn_key(wish.kind);
  const auto made = begun(wish.name, key.get(), ++serial_, wish.days);
  X509_set_issuer_name(made.get(), X509_get_subject_name(own_.get()));
  if (!wish.alternatives.empty())
    add_extension(made.get(), own_.get(), NID_subject_alt_name, wish.alternatives);
  X509_sign(made.get(), key_.get(), EVP_sha256());
  return {pem([&](BIO* out) { PEM_write_bio_X509(out, made.get()); }), pem([&](BIO* out) {
            PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

std::string test_authority::certificate() const {
  return pem([&](BIO* out) { PEM_write_bio_X509(out, own_.get()); });
}

std::string test_authority::revocations(bool has_last) const {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list{X509_CRL_new(), X509_CRL_free};
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(own_.get()));
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> from{X509_gmtime_adj(nullptr, -60),
                                                                   ASN1_TIME_free};
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> until{
      X509_gmtime_adj(nullptr, 86'400), ASN1_TIME_free};
  X509_CRL_set1_lastUpdate(list.get(), from.get());
  X509_CRL_set1_nextUpdate(list.get(), until.get());
  if (has_last) {
    auto* revoked = X509_REVOKED_new();
    const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> serial{ASN1_INTEGER_new(),
                                                                             ASN1_INTEGER_free};
    ASN1_INTEGER_set(serial.get(), serial_);
    X509_REVOKED_set_serialNumber(revoked, serial.get());
    X509_REVOKED_set_revocationDate(revoked, from.get());
    X509_CRL_add0_revoked(list.get(), revoked);
  }
  X509_CRL_sort(list.get());
  X509_CRL_sign(list.get(), key_.get(), EVP_sha256());
  return pem([&](BIO* out) { PEM_write_bio_X509_CRL(out, list.get()); });
}

/// What the server counts of a connection it has counted once that connection has ended.
void await_end(int socket) {
  std::array<char, 1024> rest{};
  while (::recv(socket, rest.data(), rest.size(), 0) > 0) {
  }
}

int connected_socket(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0) return made;
  ::close(made);
  return -1;
}

tls_client::tls_client(std::uint16_t port, const client_wish& wish)
    : socket_(connected_socket(port)) {
  // OpenSSL writes to a socket whose other end may be gone.
  std::signal(SIGPIPE, SIG_IGN);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free};
  SSL_CTX_set_security_level(context.get(), wish.security_level);
  SSL_CTX_set_min_proto_version(context.get(), wish.oldest);
  SSL_CTX_set_max_proto_version(context.get(), wish.newest);
  if (!wish.suites.empty()) SSL_CTX_set_cipher_list(context.get(), wish.suites.c_str());
  if (!wish.authorities.empty()) {
    SSL_CTX_load_verify_file(context.get(), wish.authorities.c_str());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (!wish.certificate.empty()) {
    SSL_CTX_use_certificate_chain_file(context.get(), wish.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context.get(), wish.key.c_str(), SSL_FILETYPE_PEM);
  }
  ssl_ = {SSL_new(context.get()), SSL_free};
  SSL_set_fd(ssl_.get(), socket_);
  is_secure_ = SSL_connect(ssl_.get()) == 1;
  if (!is_secure_) await_end(socket_);
  ERR_clear_error();
}

tls_client::~tls_client() {
  if (socket_ >= 0) ::close(socket_);
}

std::string tls_client::version() const { return SSL_get_version(ssl_.get()); }

std::string tls_client::server_key() const {
  const auto* presented = SSL_get0_peer_certificate(ssl_.get());
  return presented ? OBJ_nid2sn(EVP_PKEY_base_id(X509_get0_pubkey(presented))) : "";
}

std::string tls_client::server_name() const {
  const auto* presented = SSL_get0_peer_certificate(ssl_.get());
  std::string name(64, '\0');
  if (presented == nullptr) return {};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(presented), NID_commonName,
                                             name.data(), static_cast<int>(name.size()));
  name.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return name;
}

void tls_client::send(const std::string& bytes) {
  SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  ERR_clear_error();
}

std::string tls_client::read_bytes(std::size_t count) {
  std::string made;
  for (char byte = 0; made.size() < count && SSL_read(ssl_.get(), &byte, 1) == 1;) made += byte;
  if (made.size() < count) await_end(socket_);
  ERR_clear_error();
  return made;
}

std::string tls_client::read_until(const std::string& end) {
  std::string made;
  while (end.empty() || !made.ends_with(end)) {
    const auto byte = read_bytes(1);
    if (byte.empty()) break;
    made += byte;
  }
  return made;
}

int tls_client::upgrade(const std::string& identity, const std::string& more_headers) {
  send("GET /ocpp/" + identity +
       " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
       "Sec-WebSocket-Protocol: ocpp1.6\r\n" +
       more_headers + "\r\n");
  const auto head = read_until("\r\n\r\n");
  return head.size() > 12 ? std::stoi(head.substr(9, 3)) : 0;
}

void tls_client::send_text(const std::string& text) {
  std::string frame{"\x81"};
  frame += static_cast<char>(0x80u | text.size());
  send(frame + std::string(4, '\0') + text);
}

std::string tls_client::read_text() {
  const auto head = read_bytes(2);
  return head.size() == 2 ? read_bytes(static_cast<unsigned char>(head[1]) & 0x7f) : "";
}

} // namespace busbar::tests
