#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What OpenSSL offers as macros, which Swift cannot call.
static inline int copenssl_require_tls_1_2(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
static inline void copenssl_accept_partial_writes(SSL_CTX *context) {
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}
static inline int copenssl_name_host(SSL *ssl, const char *host) { return (int)SSL_set_tlsext_host_name(ssl, host); }

// TLS 1.3 with a key that both sides have, and no certificates (RFC 8446, 2.2). The key, 32 bytes for a cipher with
// SHA-256, belongs to the caller and must outlive every handshake of the context.
#define COPENSSL_SHARED_NAME "contend"
static inline SSL_SESSION *copenssl_shared_session(SSL *ssl) {
  static const unsigned char aes_128_gcm_sha256[2] = {0x13, 0x01};
  const unsigned char *key = (const unsigned char *)SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0);
  const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, aes_128_gcm_sha256);
  SSL_SESSION *session = key && cipher ? SSL_SESSION_new() : NULL;
  if (session && SSL_SESSION_set1_master_key(session, key, 32) && SSL_SESSION_set_cipher(session, cipher)
      && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION))
    return session;
  SSL_SESSION_free(session);
  return NULL;
}
static inline int copenssl_find_shared(SSL *ssl, const unsigned char *name, size_t length, SSL_SESSION **session) {
  const int is_ours = length == sizeof COPENSSL_SHARED_NAME - 1 && __builtin_memcmp(name, COPENSSL_SHARED_NAME, length) == 0;
  *session = is_ours ? copenssl_shared_session(ssl) : NULL;
  return 1;  // without a session the handshake goes on, and fails because there is no certificate
}
static inline int copenssl_use_shared(
    SSL *ssl, const EVP_MD *digest, const unsigned char **name, size_t *length, SSL_SESSION **session) {
  *session = copenssl_shared_session(ssl);
  *name = (const unsigned char *)COPENSSL_SHARED_NAME;
  *length = sizeof COPENSSL_SHARED_NAME - 1;
  return *session != NULL;
}
static inline int copenssl_share_key(SSL_CTX *context, unsigned char *key) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  // No (EC)DHE, no connection: SSL_OP_ALLOW_NO_DHE_KEX stays off.
  SSL_CTX_set_psk_find_session_callback(context, copenssl_find_shared);
  SSL_CTX_set_psk_use_session_callback(context, copenssl_use_shared);
  return SSL_CTX_set_ex_data(context, 0, key) && SSL_CTX_set_num_tickets(context, 0)
      && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION)
      && SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
}
