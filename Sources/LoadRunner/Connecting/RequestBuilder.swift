import Diagnostics
import EventProgram
import Expressions
import WebSocketCodec
import WebSocketTransport

/// Why an order cannot be carried out: what a text of the plan has become cannot be sent.
struct UnusableTarget: Error {
    var reason: String
    var span: SourceSpan
}

/// Makes requests of what virtual users order, and judges every text in them before it may reach the wire.
final class RequestBuilder {
    private let limits: ConnectRequest.Limits
    private let compression: CompressionOffer?
    private let tls: TLSContext?
    private let route: ConnectRoute
    /// What only the address that the plan names may hear.
    private let secrets: SecretMask
    /// The last request and what it was made of: sessions rarely differ in it.
    private var last: Made?

    private final class Made {
        let order: Effects.ConnectOrder
        let cookies: [Cookie]
        let request: ConnectRequest

        init(_ request: ConnectRequest, of order: Effects.ConnectOrder, keeping cookies: [Cookie]) {
            self.order = order
            self.cookies = cookies
            self.request = request
        }
    }

    init(_ job: ScenarioJob) {
        limits = ConnectRequest.Limits(job)
        compression = job.compression
        tls = job.tls
        route = job.route
        secrets = job.facts.secrets
    }

    /// Where an order is to be carried out.
    func url(of order: Effects.ConnectOrder) throws(UnusableTarget) -> WebSocketURL {
        if let last, last.order.url.hasSameBytes(as: order.url) { return last.request.url }
        do {
            return try WebSocketURL(order.url.text)
        } catch {
            throw UnusableTarget(
                reason: "'\(order.url.text)' is no WebSocket address: \(error.inWords)", span: order.url.span)
        }
    }

    /// The request for an order, at the order's own address. `cookies` are those that were set for it.
    func request(
        for order: Effects.ConnectOrder, to url: WebSocketURL, keeping cookies: [Cookie]
    ) throws(UnusableTarget) -> ConnectRequest {
        if let last, last.cookies == cookies, last.order.isSameTarget(as: order) { return last.request }
        let request = try makeRequest(order, to: url, keeping: cookies)
        last = Made(request, of: order, keeping: cookies)
        return request
    }

    /// The request for an order whose answer has led elsewhere. To another place than the plan's go no credentials, no
    /// cookies of the plan, and nothing that holds a secret.
    func request(
        for order: Effects.ConnectOrder, following trail: RedirectTrail
    ) throws(UnusableTarget) -> ConnectRequest {
        try makeRequest(
            trail.isAtFirstOrigin ? order : order.withoutConfidences(secrets), to: trail.url, keeping: trail.cookies)
    }

    private func makeRequest(
        _ order: Effects.ConnectOrder, to url: WebSocketURL, keeping kept: [Cookie]
    ) throws(UnusableTarget) -> ConnectRequest {
        var headers = try order.headers.map { header throws(UnusableTarget) in
            try field(header.name, header.value)
        }
        if let origin = order.origin { headers.append(try field("Origin", origin)) }
        let subprotocols = order.subprotocols.map(\.text)
        for (index, subprotocol) in order.subprotocols.enumerated() {
            do {
                try HandshakeRequest.judge(subprotocol: subprotocol.text, offeredAfter: subprotocols[..<index])
            } catch {
                throw UnusableTarget(reason: error.reason, span: subprotocol.span)
            }
        }
        try addCookies(of: order, kept, to: &headers)
        do {
            return try ConnectRequest(
                url: url, headers: headers, subprotocols: subprotocols, limits: limits, compression: compression,
                tls: tls, route: route)
        } catch {
            // Each text was judged under its own line; what is left concerns them all.
            throw UnusableTarget(reason: error.reason, span: order.url.span)
        }
    }

    private func field(
        _ name: String, _ value: Effects.ConnectOrder.Text
    ) throws(UnusableTarget) -> HTTPHeaderField {
        let field = HTTPHeaderField(name: name, value: value.text)
        do {
            try HandshakeRequest.judge(field)
        } catch {
            throw UnusableTarget(reason: error.reason, span: value.span)
        }
        return field
    }

    /// There is one `Cookie` header (RFC 6265 §5.4): the plan's, and what the server has set behind it.
    private func addCookies(
        of order: Effects.ConnectOrder, _ kept: [Cookie], to headers: inout [HTTPHeaderField]
    ) throws(UnusableTarget) {
        var own: [Cookie] = []
        for cookie in order.cookies {
            guard Cookie.isValue(cookie.value.text) else {
                throw UnusableTarget(
                    reason: "'\(cookie.value.text)' cannot be the value of the cookie '\(cookie.name)'",
                    span: cookie.value.span)
            }
            own.append(Cookie(name: cookie.name, value: cookie.value.text))
        }
        guard let written = headers.firstIndex(where: { $0.name.lowercased() == "cookie" }) else {
            if let value = Cookie.headerValue(own, keeping: kept) {
                headers.append(HTTPHeaderField(name: "Cookie", value: value))
            }
            return
        }
        headers[written].value = Cookie.headerValue(written: headers[written].value, keeping: kept)
    }
}

extension Effects.ConnectOrder {
    /// Whether two sessions of one plan, whose names are the same, ask for the same thing.
    fileprivate func isSameTarget(as other: Self) -> Bool {
        url.hasSameBytes(as: other.url)
            && headers.elementsEqual(other.headers) { $0.value.hasSameBytes(as: $1.value) }
            && subprotocols.elementsEqual(other.subprotocols) { $0.hasSameBytes(as: $1) }
            && cookies.elementsEqual(other.cookies) { $0.value.hasSameBytes(as: $1.value) }
            && (origin?.hasSameBytes(as: other.origin) ?? (other.origin == nil))
    }

    /// What another host than the plan's may hear of it. `Host` is that of the plan's.
    fileprivate func withoutConfidences(_ secrets: SecretMask) -> Self {
        func isConfidential(_ text: Text) -> Bool { !secrets.isEmpty && secrets.masked(text.text) != text.text }
        var order = self
        order.cookies = []
        order.headers.removeAll { name, value in
            ["authorization", "cookie", "host", "proxy-authorization"].contains(name.lowercased())
                || isConfidential(value)
        }
        order.subprotocols.removeAll { isConfidential($0) }
        if let origin, isConfidential(origin) { order.origin = nil }
        return order
    }
}

extension Effects.ConnectOrder.Text {
    /// Whether both are the same on the wire. Text that only looks the same is not.
    fileprivate func hasSameBytes(as other: Self?) -> Bool {
        other.map { text.hasSameBytes(as: $0.text) } ?? false
    }
}
