#pragma once
// An authority that issues and revokes certificates as files of a test, and a client that speaks
// TLS as rudely as a test wants.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct evp_pkey_st;
struct ssl_st;
struct x509_st;

namespace busbar::tests {

enum class key_kind { ecdsa, rsa };

struct certificate_wish {
  std::string name;
  /// Alternative names, "DNS:CP-1,IP:127.0.0.1"; empty: none.
  std::string alternatives = {};
  key_kind kind = key_kind::ecdsa;
  /// From now on.
  long days = 365;
};

/// PEM.
struct issued {
  std::string certificate;
  std::string key;
};

class test_authority {
public:
  explicit test_authority(const std::string& name);
  ~test_authority();

  [[nodiscard]] issued issue(const certificate_wish& wish);
  /// Its own certificate.
  [[nodiscard]] std::string certificate() const;
  /// A list with the certificate that was issued last, or with none.
  [[nodiscard]] std::string revocations(bool has_last) const;

private:
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> own_;
  long serial_ = 1;
};

struct client_wish {
  /// PEM files; empty: none is presented.
  std::string certificate;
  std::string key;
  /// PEM file; empty: whatever the server presents is taken.
  std::string authorities;
  /// OpenSSL's numbers; 0: its own choice. TLS 1.0 and 1.1 need a `security_level` of 0.
  int oldest = 0;
  int newest = 0;
  int security_level = 1;
  /// OpenSSL's list of suites up to TLS 1.2; empty: its own.
  std::string suites = {};
};

class tls_client {
public:
  /// Connects to 127.0.0.1 and shakes hands; a test fails after 10 s of silence.
  tls_client(std::uint16_t port, const client_wish& wish);
  ~tls_client();

  [[nodiscard]] bool is_secure() const { return is_secure_; }
  /// "TLSv1.3".
  [[nodiscard]] std::string version() const;
  /// "RSA", "EC" of what the server presents; empty: nothing was presented.
  [[nodiscard]] std::string server_key() const;
  /// Of the server's certificate.
  [[nodiscard]] std::string server_name() const;
  void send(const std::string& bytes);
  /// Up to and with `end`, or all until the connection ends.
  [[nodiscard]] std::string read_until(const std::string& end);
  /// A handshake of WebSocket for `identity`; the status of its answer, 0: there was none.
  [[nodiscard]] int upgrade(const std::string& identity, const std::string& more_headers = "");
  /// A masked text frame.
  void send_text(const std::string& text);
  /// The text of an unmasked frame of at most 125 bytes; empty: the connection has ended.
  [[nodiscard]] std::string read_text();

private:
  [[nodiscard]] std::string read_bytes(std::size_t count);

  int socket_ = -1;
  std::shared_ptr<ssl_st> ssl_;
  bool is_secure_ = false;
};

/// A TCP connection to 127.0.0.1; -1 where there is none. It gives up reading after 10 s.
[[nodiscard]] int connected_socket(std::uint16_t port);
/// Reads until the other end has closed it.
void await_end(int socket);

} // namespace busbar::tests
