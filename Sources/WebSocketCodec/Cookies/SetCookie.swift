/// One `Set-Cookie` as a user agent reads it (RFC 6265 §5.2): an attribute that makes no sense is passed over.
///
/// `HttpOnly`, `SameSite` and what else browsers know is of no concern to a client without pages and scripts.
struct SetCookie: Hashable {
    var cookie: Cookie
    /// In lower case, without a dot in front; nil where it does not say.
    var domain: String?
    /// Begins with `/`; nil where it does not say.
    var path: String?
    var isSecure = false
    /// Seconds since 1970; nil: as long as the user agent lives.
    var expiresUnixSeconds: Int64?

    /// Nil where there is no cookie in it.
    init?(_ header: String, receivedAtUnixSeconds now: Int64) {
        let parts = Array(header.utf8).split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let equals = parts[0].firstIndex(of: UInt8(ascii: "=")) else { return nil }
        cookie = Cookie(name: trimmedText(parts[0][..<equals]), value: trimmedText(parts[0][(equals + 1)...]))
        guard !cookie.name.isEmpty, !holdsHTTPControl(cookie.name), !holdsHTTPControl(cookie.value) else { return nil }

        var maxAge: Int64?
        for part in parts.dropFirst() {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = trimmedText(part[..<equals])
            let value = trimmedText(part[min(equals + 1, part.endIndex)...])
            // The last one of several counts.
            if equalIgnoringASCIICase(name, "Expires") {
                expiresUnixSeconds = CookieDate.unixSeconds(of: value) ?? expiresUnixSeconds
            } else if equalIgnoringASCIICase(name, "Max-Age") {
                maxAge = Self.seconds(ofMaxAge: value) ?? maxAge
            } else if equalIgnoringASCIICase(name, "Domain") {
                let host = value.utf8.first == UInt8(ascii: ".") ? String(value.dropFirst()) : value
                if !host.isEmpty { domain = asciiLowercased(host) }
            } else if equalIgnoringASCIICase(name, "Path") {
                path = value.utf8.first == UInt8(ascii: "/") ? value : nil
            } else if equalIgnoringASCIICase(name, "Secure") {
                isSecure = true
            }
        }
        // Of the two Max-Age counts (§5.3, 3).
        if let maxAge {
            let (end, overflow) = now.addingReportingOverflow(maxAge)
            expiresUnixSeconds = maxAge <= 0 ? .min : overflow ? .max : end
        }
    }

    /// Whether it was set as a name that begins with `__Secure-` or `__Host-` promises (RFC 6265bis §4.1.3); a user agent
    /// takes no other cookie of such a name.
    var keepsPromiseOfName: Bool {
        let name = asciiLowercased(cookie.name).utf8
        if name.starts(with: "__secure-".utf8) { return isSecure }
        if name.starts(with: "__host-".utf8) { return isSecure && domain == nil && path == "/" }
        return true
    }

    /// Digits, perhaps with a minus before them (§5.2.2); more of them than fit are a very long time.
    private static func seconds(ofMaxAge text: String) -> Int64? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int64(text) ?? (digits.count == text.utf8.count ? .max : .min)
    }
}
