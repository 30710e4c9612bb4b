// SPDX-License-Identifier: Apache-2.0
#include "certificate_check.hpp"

#include <arpa/inet.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

namespace kafka {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

// What a server says of itself is shown to the user, so it must not grow without a limit.
constexpr size_t kShownMax = 200;

std::string text_of(const BioPtr& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size < 0 ? 0 : size)).substr(0, kShownMax);
}

std::string quoted(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()), BIO_free_all);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  return "\"" + text_of(out) + "\"";
}

std::string time_text(const ASN1_TIME* time) {
  const BioPtr out(BIO_new(BIO_s_mem()), BIO_free_all);
  ASN1_TIME_print(out.get(), time);
  return text_of(out);
}

std::string name_text(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    const auto* const data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
    return std::string(data, static_cast<size_t>(ASN1_STRING_length(name.d.dNSName)));
  }
  if (name.type != GEN_IPADD) return "";
  const int family = ASN1_STRING_length(name.d.iPAddress) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(name.d.iPAddress) != 16) return "";
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family, ASN1_STRING_get0_data(name.d.iPAddress), text, sizeof text);
  return text;
}

// The hosts that a certificate is for.
std::string hosts_of(const X509* certificate) {
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
                           X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                       GENERAL_NAMES_free);
  std::string all;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()) && all.size() < kShownMax; ++i) {
    const std::string text = name_text(*sk_GENERAL_NAME_value(names.get(), i));
    if (!text.empty()) all += (all.empty() ? "" : ", ") + text;
  }
  return all.empty() ? "no host (it has no subjectAltName)" : all.substr(0, kShownMax);
}

bool is_about_its_authority(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return true;
    default:
      return false;
  }
}

std::string_view host_of(std::string_view broker) {
  broker = broker.substr(0, broker.find('/'));
  return broker.substr(0, broker.rfind(':'));
}

}  // namespace

std::string certificate_fault(std::string_view broker, int error, std::string_view der,
                              const std::string& ca_location) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  const CertificatePtr certificate(d2i_X509(nullptr, &data, static_cast<long>(der.size())),
                                   X509_free);
  const std::string why = X509_verify_cert_error_string(error);
  if (!certificate) return why;
  const std::string it = quoted(X509_get_subject_name(certificate.get())) + " ";
  if (is_about_its_authority(error)) {
    return it + "is signed by " + quoted(X509_get_issuer_name(certificate.get())) +
           (ca_location.empty()
                ? ", which this system does not know; set ssl_ca_location to the file of that "
                  "authority's certificate"
                : ", which is not in ssl_ca_location = \"" + ca_location + "\"") +
           " (" + why + ")";
  }
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return it + "is for " + hosts_of(certificate.get()) + ", not for the host \"" +
             std::string(host_of(broker)) +
             "\"; use a name that it is for, in `brokers` and in the "
             "brokers' advertised.listeners (" +
             why + ")";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return it + "ended on " + time_text(X509_get0_notAfter(certificate.get())) +
             "; it must be renewed at the broker";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return it + "is not valid before " + time_text(X509_get0_notBefore(certificate.get())) +
             "; check the clocks";
    default:
      return it + "signed by " + quoted(X509_get_issuer_name(certificate.get())) + ": " + why;
  }
}

void CertificateCheck::note(std::string_view broker, int error, std::string_view der) {
  std::string fault = certificate_fault(broker, error, der, ca_location_);
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

std::string CertificateCheck::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

}  // namespace kafka
