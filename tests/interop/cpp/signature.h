// Digests, and the guarantor's signature over a statement, with OpenSSL.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tashika/v1/certificate.pb.h"

using std::string;

// In lower-case hexadecimal.
inline string Sha256(const string& data) {
  unsigned char digest[32];
  EVP_Digest(data.data(), data.size(), digest, nullptr, EVP_sha256(), nullptr);
  std::ostringstream hex;
  for (int byte : digest) hex << "0123456789abcdef"[byte >> 4] << "0123456789abcdef"[byte & 15];
  return hex.str();
}

template <class Thing, class Free>
std::shared_ptr<Thing> Own(Thing* thing, Free free) { return {thing, free}; }

inline std::shared_ptr<X509> Load(const string& pem) {
  const auto bio = Own(BIO_new_mem_buf(pem.data(), int(pem.size())), BIO_free);
  return Own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
}

// Whether the guarantor signed the statement, with a key whose certificate comes from one of the roots.
template <class Roots>
bool IsSigned(const tashika::v1::Certificate& certificate, const string& envelope, const Roots& roots) {
  const auto store = Own(X509_STORE_new(), X509_STORE_free);
  for (const auto& pem : roots) X509_STORE_add_cert(store.get(), Load(pem).get());
  std::vector<std::shared_ptr<X509>> chain;
  const auto others = Own(sk_X509_new_null(), [](STACK_OF(X509)* stack) { sk_X509_free(stack); });
  for (const auto& pem : certificate.chain()) sk_X509_push(others.get(), chain.emplace_back(Load(pem)).get());
  const auto checking = Own(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509_STORE_CTX_init(checking.get(), store.get(), chain[0].get(), others.get());
  X509_STORE_CTX_set_time(checking.get(), 0, certificate.issue_time().seconds());

  const string message = "tashika-statement/1" + string(1, '\0') + envelope;
  const string& signature = certificate.statement_signature();
  const auto verifying = Own(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* key;
  EVP_DigestVerifyInit(verifying.get(), &key, EVP_sha256(), nullptr, X509_get0_pubkey(chain[0].get()));
  if (EVP_PKEY_CTX_is_a(key, "RSA")) EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING);
  const auto bytes = [](const string& text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  return X509_verify_cert(checking.get()) == 1 &&
         EVP_DigestVerify(verifying.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}
