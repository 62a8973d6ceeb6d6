/// The cookies that a client was given, and to whom it gives them back (RFC 6265 §5.3 and §5.4, and of RFC 6265bis what
/// keeps a server without TLS from setting the cookies of one with it).
///
/// There is no list of public suffixes: a cookie goes to the host that it came from, and to the hosts below the domain that
/// it names, if that has a dot in it.
package struct CookieJar: Sendable {
    /// So many cookies are kept, and so many bytes of names and values; beyond that the oldest are forgotten.
    package static let maximumCount = 64
    package static let maximumSize = 16 << 10
    /// A larger one is not taken (§6.1 asks for so much at least).
    package static let maximumCookieSize = 4096

    private struct Entry {
        var cookie: Cookie
        var domain: String
        /// Only for `domain` itself, not for hosts below it.
        var isHostOnly: Bool
        var path: String
        var isSecure: Bool
        var expiresUnixSeconds: Int64?

        var size: Int { cookie.name.utf8.count + cookie.value.utf8.count }

        func isExpired(atUnixSeconds now: Int64) -> Bool { expiresUnixSeconds.map { $0 <= now } ?? false }

        /// Whether one takes the place of the other.
        func isSame(as other: Entry) -> Bool {
            cookie.name.utf8.elementsEqual(other.cookie.name.utf8) && domain == other.domain
                && path.utf8.elementsEqual(other.path.utf8)
        }
    }

    /// In the order in which they were created.
    private var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// Keeps what an answer sets. `url` is where the request went to.
    package mutating func take(from headers: HTTPHeaders, of url: WebSocketURL, atUnixSeconds now: Int64) {
        for field in headers.fields where equalIgnoringASCIICase(field.name, "Set-Cookie") {
            if let set = SetCookie(field.value, receivedAtUnixSeconds: now) { store(set, of: url, atUnixSeconds: now) }
        }
    }

    /// The cookies for a request: those of longer paths first, of the same length the older ones first (§5.4, 2).
    package func cookies(for url: WebSocketURL, atUnixSeconds now: Int64) -> [Cookie] {
        guard !entries.isEmpty else { return [] }
        let host = url.cookieHost
        let path = url.cookiePath
        return entries.enumerated()
            .filter { _, entry in
                !entry.isExpired(atUnixSeconds: now) && (!entry.isSecure || url.scheme == .wss)
                    && (entry.isHostOnly ? host == entry.domain : Self.isHost(host, within: entry.domain))
                    && Self.isPath(path, within: entry.path)
            }
            .sorted { ($1.element.path.utf8.count, $0.offset) < ($0.element.path.utf8.count, $1.offset) }
            .map(\.element.cookie)
    }

    private mutating func store(_ set: SetCookie, of url: WebSocketURL, atUnixSeconds now: Int64) {
        // What is said without TLS, anybody on the way may have said.
        guard set.keepsPromiseOfName, !set.isSecure || url.scheme == .wss else { return }
        let host = url.cookieHost
        let domain = set.domain ?? host
        guard domain == host || domain.utf8.contains(UInt8(ascii: ".")) && Self.isHost(host, within: domain) else {
            return
        }
        let entry = Entry(
            cookie: set.cookie, domain: domain, isHostOnly: set.domain == nil || IPAddress(host) != nil,
            path: set.path ?? url.defaultCookiePath, isSecure: set.isSecure,
            expiresUnixSeconds: set.expiresUnixSeconds)
        guard entry.size <= Self.maximumCookieSize else { return }
        if let known = entries.firstIndex(where: entry.isSame) {
            guard url.scheme == .wss || !entries[known].isSecure else { return }
            // It keeps its age (§5.3, 11).
            entries[known] = entry
        } else {
            entries.append(entry)
        }
        entries.removeAll { $0.isExpired(atUnixSeconds: now) }
        var size = entries.reduce(0) { $0 + $1.size }
        while entries.count > Self.maximumCount || size > Self.maximumSize { size -= entries.removeFirst().size }
    }

    /// §5.1.3. An address has no hosts below it.
    private static func isHost(_ host: String, within domain: String) -> Bool {
        if host == domain { return true }
        let (host, domain) = (Array(host.utf8), Array(domain.utf8))
        return host.count > domain.count && host.suffix(domain.count) == domain[...]
            && host[host.count - domain.count - 1] == UInt8(ascii: ".")
            && IPAddress(String(decoding: host, as: UTF8.self)) == nil
    }

    /// §5.1.4
    private static func isPath(_ path: String, within other: String) -> Bool {
        guard path.utf8.starts(with: other.utf8) else { return false }
        let rest = path.utf8.dropFirst(other.utf8.count)
        return rest.isEmpty || other.utf8.last == UInt8(ascii: "/") || rest.first == UInt8(ascii: "/")
    }
}

extension WebSocketURL {
    /// The host by which cookies are kept, in lower case.
    fileprivate var cookieHost: String { scheme == .wsUnix ? "localhost" : asciiLowercased(host) }

    /// The target without its query.
    fileprivate var cookiePath: String { String(target.prefix { $0 != "?" }) }

    /// The folder of the target (§5.1.4).
    fileprivate var defaultCookiePath: String {
        let path = Array(cookiePath.utf8)
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash > 0 else { return "/" }
        return String(decoding: path[..<slash], as: UTF8.self)
    }
}
