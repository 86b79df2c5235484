#include "adapters/ocpp/tls/link_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>

namespace busbar::adapters::ocpp::tls {

namespace asio = boost::asio;

namespace {

/// OpenSSL's own sockets raise SIGPIPE and may block; this one does neither, and a socket that has
/// been closed has no number that another one could have got.
struct socket_bio {
  asio::ip::tcp::socket& socket;
  bool is_at_end = false;

  static socket_bio& of(BIO* bio) { return *static_cast<socket_bio*>(BIO_get_data(bio)); }

  static int write(BIO* bio, const char* from, int bytes) {
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(of(bio).socket.native_handle(), from,
                             static_cast<std::size_t>(bytes), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
  }

  static int read(BIO* bio, char* into, int bytes) {
    BIO_clear_retry_flags(bio);
    const auto got = ::recv(of(bio).socket.native_handle(), into,
                            static_cast<std::size_t>(bytes), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    if (got == 0) of(bio).is_at_end = true;
    return static_cast<int>(got);
  }

  static long control(BIO* bio, int what, long, void*) {
    if (what == BIO_CTRL_EOF) return of(bio).is_at_end ? 1 : 0;
    return what == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static int destroy(BIO* bio) {
    delete static_cast<socket_bio*>(BIO_get_data(bio));
    return 1;
  }

  static const BIO_METHOD* method() {
    static const BIO_METHOD* const made = [] {
      auto* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "busbar socket");
      BIO_meth_set_write(fresh, write);
      BIO_meth_set_read(fresh, read);
      BIO_meth_set_ctrl(fresh, control);
      BIO_meth_set_destroy(fresh, destroy);
      return fresh;
    }();
    return made;
  }

  static BIO* on(asio::ip::tcp::socket& socket) {
    BIO* made = BIO_new(method());
    BIO_set_data(made, new socket_bio{socket});
    BIO_set_init(made, 1);
    return made;
  }
};

std::string text_of(const ASN1_STRING* text) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, text);
  if (size < 0) return {};
  std::string made{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  OPENSSL_free(bytes);
  return made;
}

void add_common_names(const X509* of, std::vector<std::string>& names) {
  const auto* subject = X509_get_subject_name(of);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
    names.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
}

void add_alternative_names(const X509* of, std::vector<std::string>& names) {
  auto* all = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(of, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    const auto* each = sk_GENERAL_NAME_value(all, i);
    if (each->type == GEN_DNS) names.push_back(text_of(each->d.dNSName));
    if (each->type == GEN_URI) names.push_back(text_of(each->d.uniformResourceIdentifier));
    if (each->type == GEN_EMAIL) names.push_back(text_of(each->d.rfc822Name));
  }
  GENERAL_NAMES_free(all);
}

} // namespace

/// OpenSSL's state of one connection.
struct link_stream::session {
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};
};

link_stream::link_stream(next_layer_type socket) : socket_(std::move(socket)) {}
link_stream::~link_stream() = default;

void link_stream::secure(const shared_context& context) {
  ssl_ = std::make_unique<session>();
  ssl_->ssl.reset(SSL_new(context.get()));
  auto* bio = socket_bio::on(socket_);
  SSL_set_bio(ssl_->ssl.get(), bio, bio);
}

void link_stream::secure_as_server(const shared_context& context) {
  secure(context);
  SSL_set_accept_state(ssl_->ssl.get());
}

void link_stream::secure_as_client(const shared_context& context, const std::string& host) {
  secure(context);
  auto* ssl = ssl_->ssl.get();
  SSL_set_connect_state(ssl);
  error_code is_name;
  asio::ip::make_address(host, is_name);
  if (is_name) {
    SSL_set_tlsext_host_name(ssl, host.c_str());
    SSL_set1_host(ssl, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  }
}

/// REQUIRES: called right after the call of OpenSSL that returned it.
link_stream::progress link_stream::outcome_of(int returned) {
  switch (SSL_get_error(ssl_->ssl.get(), returned)) {
  case SSL_ERROR_WANT_READ: return {want::to_read, {}, 0};
  case SSL_ERROR_WANT_WRITE: return {want::to_write, {}, 0};
  case SSL_ERROR_ZERO_RETURN: return {want::nothing, asio::error::eof, 0};
  case SSL_ERROR_SYSCALL: return {want::nothing, asio::error::connection_reset, 0};
  default: return {want::nothing, asio::error::connection_aborted, 0};
  }
}

link_stream::progress link_stream::shake_hands() {
  if (!socket_.is_open()) return {want::nothing, asio::error::operation_aborted, 0};
  auto* ssl = ssl_->ssl.get();
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl);
  if (returned == 1) return {};
  const auto made = outcome_of(returned);
  if (made.wants == want::nothing)
    failure_ = failure_of(ERR_peek_error(), SSL_get_verify_result(ssl));
  return made;
}

link_stream::progress link_stream::read(asio::mutable_buffer into) {
  if (into.size() == 0) return {};
  if (!socket_.is_open()) return {want::nothing, asio::error::operation_aborted, 0};
  std::size_t bytes = 0;
  ERR_clear_error();
  const int returned = SSL_read_ex(ssl_->ssl.get(), into.data(), into.size(), &bytes);
  if (returned == 1) return {want::nothing, {}, bytes};
  return outcome_of(returned);
}

link_stream::progress link_stream::write(asio::const_buffer from) {
  if (from.size() == 0) return {};
  if (!socket_.is_open()) return {want::nothing, asio::error::operation_aborted, 0};
  std::size_t bytes = 0;
  ERR_clear_error();
  const int returned = SSL_write_ex(ssl_->ssl.get(), from.data(), from.size(), &bytes);
  if (returned == 1) return {want::nothing, {}, bytes};
  return outcome_of(returned);
}

std::vector<std::string> link_stream::peer_names() const {
  std::vector<std::string> names;
  if (!is_secure() || SSL_get_verify_result(ssl_->ssl.get()) != X509_V_OK) return names;
  // Owned by the connection; none where the other end has presented none.
  const auto* own = SSL_get0_peer_certificate(ssl_->ssl.get());
  if (own == nullptr) return names;
  add_common_names(own, names);
  add_alternative_names(own, names);
  return names;
}

bool is_revoked(const link_stream& link, const shared_context& context) {
  if (!link.is_secure()) return false;
  auto* own = SSL_get0_peer_certificate(link.ssl_->ssl.get());
  if (own == nullptr) return false;
  const auto* all = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context.get()));
  for (int i = 0; i < sk_X509_OBJECT_num(all); ++i) {
    auto* list = X509_OBJECT_get0_X509_CRL(sk_X509_OBJECT_value(all, i));
    X509_REVOKED* entry = nullptr;
    const bool is_of_issuer =
        list != nullptr &&
        X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(own)) == 0;
    // 2: it was taken off the list.
    if (is_of_issuer && X509_CRL_get0_by_cert(list, &entry, own) == 1) return true;
  }
  return false;
}

void link_stream::say_goodbye() {
  if (!is_secure() || !socket_.is_open()) return;
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_->ssl.get())) SSL_shutdown(ssl_->ssl.get());
  ERR_clear_error();
}

void teardown(boost::beast::role_type role, link_stream& stream,
              boost::system::error_code& failure) {
  stream.say_goodbye();
  boost::beast::websocket::teardown(role, stream.next_layer(), failure);
}

} // namespace busbar::adapters::ocpp::tls
