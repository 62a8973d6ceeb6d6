import COpenSSL
import Glibc

/// OpenSSL's judgement of a certificate in a chain (X509_STORE_CTX), put into words.
struct CertificateJudgement {
    private let handle: OpaquePointer

    /// Valid during OpenSSL's call only, as `handle` is.
    init(_ handle: OpaquePointer) { self.handle = handle }

    /// What is wrong with the certificate of a server that is to be `serverName`; words that continue `no TLS with …:`.
    func problem(of serverName: String) -> String {
        let code = X509_STORE_CTX_get_error(handle)
        guard let certificate = X509_STORE_CTX_get_current_cert(handle) else { return Self.words(for: code) }
        let owner =
            X509_STORE_CTX_get_error_depth(handle) == 0
            ? "its certificate" : "the certificate of '\(Self.name(X509_get_subject_name(certificate)))' behind its own"
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "\(owner) expired on \(Self.text(X509_get0_notAfter(certificate)))"
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "\(owner) is not valid before \(Self.text(X509_get0_notBefore(certificate)))"
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            guard let names = Self.alternativeNames(of: certificate) else {
                return "its certificate names no server: it has no subjectAltName, and a common name does not count"
            }
            return "its certificate is for \(names), not for '\(serverName)'"
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return "its certificate is self-signed and not among those trusted"
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            let root = Self.name(X509_get_subject_name(certificate))
            return "its certificate comes from '\(root)', which is not among those trusted (unknown CA)"
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            let issuer = Self.name(X509_get_issuer_name(certificate))
            return "\(owner) was issued by '\(issuer)', which is not among those trusted (unknown CA)"
        default:
            return "\(owner) is not accepted: \(Self.words(for: code))"
        }
    }

    private static func words(for code: Int32) -> String {
        String(cString: X509_verify_cert_error_string(Int(code)))
    }

    /// The common name, where there is one, else all parts of the name.
    private static func name(_ name: OpaquePointer?) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            if X509_NAME_get_text_by_NID(name, NID_commonName, buffer.baseAddress, Int32(buffer.count)) < 0 {
                X509_NAME_oneline(name, buffer.baseAddress, Int32(buffer.count))
            }
            return String(cString: buffer.baseAddress!)
        }
    }

    /// `2026-11-23 02:10:00 UTC`
    private static func text(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "a date that is none" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            strftime(buffer.baseAddress!, buffer.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
            return String(cString: buffer.baseAddress!)
        }
    }

    /// `DNS:example.com, IP Address:192.0.2.1`, cut where there are very many; nil where there are none.
    private static func alternativeNames(of certificate: OpaquePointer) -> String? {
        let index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
        guard index >= 0, let memory = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(memory) }
        X509V3_EXT_print(memory, X509_get_ext(certificate, index), 0, 0)
        var text: UnsafeMutablePointer<CChar>?
        let count = wsplan_BIO_get_mem_data(memory, &text)
        guard let text, count > 0 else { return nil }
        let limit = 200
        let bytes = UnsafeRawBufferPointer(start: text, count: min(count, limit))
        return String(decoding: bytes, as: UTF8.self) + (count > limit ? "…" : "")
    }
}
