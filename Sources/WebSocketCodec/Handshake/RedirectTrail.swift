/// Follows the answers of one opening handshake that lead elsewhere (RFC 6455 §4.1 allows it, RFC 9110 §15.4 says how).
package struct RedirectTrail: Sendable {
    /// An address, and with which cookies it was asked: who is sent back with a new one is not going in circles.
    private struct Visit: Hashable {
        var url: WebSocketURL
        var cookies: [Cookie]
    }

    /// Where the first request went.
    package let first: WebSocketURL
    private var last: Visit
    /// How many answers were followed.
    package private(set) var count = 0
    private let limit: Int
    private var visits: Set<Visit> = []

    /// - Parameter limit: so many answers are followed.
    package init(from url: WebSocketURL, with cookies: [Cookie], limit: Int) {
        first = url
        self.limit = limit
        last = Visit(url: url, cookies: cookies)
        visits.insert(last)
    }

    /// Where the last request goes.
    package var url: WebSocketURL { last.url }
    /// The cookies that were set for there.
    package var cookies: [Cookie] { last.cookies }

    /// Whether an answer leads to where the same may be had. 300 and 304 do not: the one has a choice, the other a copy.
    package static func leadsElsewhere(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Goes on to where an answer leads.
    ///
    /// - Parameter cookiesForURL: those that were set for an address, by this answer as well.
    /// - Throws: why it cannot be followed, in words that go on after `the server answered 302 Found`.
    package mutating func follow(
        _ response: HandshakeResponse, cookies cookiesForURL: (WebSocketURL) -> [Cookie]
    ) throws(HandshakeError) {
        guard count < limit else {
            let answers = limit == 1 ? "one answer was" : "\(limit) answers were"
            throw HandshakeError(reason: "and \(answers) followed already")
        }
        let locations = response.headers.values(of: "Location")
        guard let location = locations.first else { throw HandshakeError(reason: "and has no header 'Location'") }
        guard locations.count == 1 else {
            throw HandshakeError(reason: "and has \(locations.count) headers 'Location'")
        }
        var next: WebSocketURL
        do {
            next = try url.redirected(to: location)
        } catch {
            throw HandshakeError(reason: "and leads to \(quoted(location)): \(error.reason)")
        }
        guard url.scheme != .wss || next.scheme == .wss else {
            throw HandshakeError(reason: "and leads from wss to \(quoted(next.withoutUserInfo)), without TLS")
        }
        if next.hasSameOrigin(as: first) { next = next.withUserInfo(of: first) }
        let visit = Visit(url: next, cookies: cookiesForURL(next))
        guard visits.insert(visit).inserted else {
            throw HandshakeError(reason: "and leads in a circle, to \(quoted(next.withoutUserInfo)) again")
        }
        last = visit
        count += 1
    }

    /// Whether what was said in confidence to the first address may be said to the present one.
    package var isAtFirstOrigin: Bool { url.hasSameOrigin(as: first) }
}
