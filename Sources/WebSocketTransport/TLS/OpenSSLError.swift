import COpenSSL

/// What OpenSSL says has gone wrong on this thread.
struct OpenSSLError {
    private let code: UInt

    /// Takes the latest error, and empties the queue: what is left in it would be taken for the error of the next call.
    static func take() -> OpenSSLError {
        defer { ERR_clear_error() }
        return OpenSSLError(code: ERR_peek_last_error())
    }

    /// The reason, as a number, where it is the TLS part of OpenSSL that speaks.
    var tlsReason: Int32? { ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : nil }

    var isKeyMismatch: Bool {
        ERR_GET_LIB(code) == ERR_LIB_X509
            && [X509_R_KEY_VALUES_MISMATCH, X509_R_KEY_TYPE_MISMATCH].contains(ERR_GET_REASON(code))
    }

    /// OpenSSL's words.
    var reason: String {
        if let words = ERR_reason_error_string(code) { return String(cString: words) }
        return code == 0 ? "no reason given" : "error \(ERR_GET_REASON(code))"
    }
}
