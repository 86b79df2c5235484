#include "adapters/tls/handshake_failure.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>

namespace busbar::adapters::tls {

namespace {

constexpr std::array<const char*, handshake_failures> names{
    "none",          "plain_request",       "no_tls",
    "old_protocol",  "no_common_suite",     "unknown_authority",
    "expired_certificate", "revoked_certificate", "no_revocation_list",
    "no_certificate",      "bad_certificate",     "refused_by_peer",
    "closed",        "slow",                "other"};

handshake_failure failure_of_certificate(long verdict) {
  switch (verdict) {
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return handshake_failure::unknown_authority;
  case X509_V_ERR_CERT_HAS_EXPIRED:
  case X509_V_ERR_CERT_NOT_YET_VALID: return handshake_failure::expired_certificate;
  case X509_V_ERR_CERT_REVOKED: return handshake_failure::revoked_certificate;
  case X509_V_ERR_UNABLE_TO_GET_CRL:
  case X509_V_ERR_CRL_HAS_EXPIRED:
  case X509_V_ERR_CRL_NOT_YET_VALID:
  case X509_V_ERR_CRL_SIGNATURE_FAILURE: return handshake_failure::no_revocation_list;
  default: return handshake_failure::bad_certificate;
  }
}

} // namespace

const char* name_of(handshake_failure which) { return names[static_cast<std::size_t>(which)]; }

handshake_failure failure_of(unsigned long error, long verdict) {
  const int reason = ERR_GET_REASON(error);
  if (error == 0) return handshake_failure::closed;
  if (ERR_GET_LIB(error) != ERR_LIB_SSL) return handshake_failure::other;
  // Alerts of the peer are numbered from there on.
  if (reason >= SSL_AD_REASON_OFFSET) return handshake_failure::refused_by_peer;
  switch (reason) {
  case SSL_R_HTTP_REQUEST:
  case SSL_R_HTTPS_PROXY_REQUEST: return handshake_failure::plain_request;
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_VERSION_TOO_LOW: return handshake_failure::old_protocol;
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_RECORD_LENGTH_MISMATCH:
  case SSL_R_PACKET_LENGTH_TOO_LONG:
  case SSL_R_BAD_RECORD_TYPE:
  case SSL_R_UNEXPECTED_MESSAGE: return handshake_failure::no_tls;
  case SSL_R_NO_SHARED_CIPHER: return handshake_failure::no_common_suite;
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return handshake_failure::no_certificate;
  case SSL_R_CERTIFICATE_VERIFY_FAILED: return failure_of_certificate(verdict);
  case SSL_R_UNEXPECTED_EOF_WHILE_READING: return handshake_failure::closed;
  default: return handshake_failure::other;
  }
}

} // namespace busbar::adapters::tls
