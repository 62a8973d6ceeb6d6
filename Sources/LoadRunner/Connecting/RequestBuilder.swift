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
struct RequestBuilder {
    private let limits: ConnectRequest.Limits
    private let compression: CompressionOffer?
    private let tls: TLSContext?
    private let route: ConnectRoute
    /// What only the address that the plan names may hear.
    private let secrets: SecretMask
    /// The last request and what it was made of: sessions rarely differ in it.
    private var last: (order: Effects.ConnectOrder, cookies: [Cookie], request: ConnectRequest)?

    init(_ job: LoadJob) {
        limits = ConnectRequest.Limits(job)
        compression = job.compression
        tls = job.tls
        route = job.route
        secrets = job.facts.secrets
    }

    /// The request for an order. `cookies` gives what the server has set for an address.
    mutating func request(
        for order: Effects.ConnectOrder, cookies: (WebSocketURL) -> [Cookie]
    ) throws(UnusableTarget) -> ConnectRequest {
        let known = last.flatMap { $0.order.isSameTarget(as: order) ? $0 : nil }
        let url: WebSocketURL
        if let known { url = known.request.url } else { url = try self.url(of: order.url) }
        let kept = cookies(url)
        if let known, known.cookies == kept { return known.request }
        let request = try makeRequest(order, to: url, keeping: kept)
        last = (order, kept, request)
        return request
    }

    /// The request for an order whose answer has led elsewhere. To another place than the plan's go no credentials, no
    /// cookies of the plan, and nothing that holds a secret.
    func request(
        for order: Effects.ConnectOrder, following trail: RedirectTrail, keeping cookies: [Cookie]
    ) throws(UnusableTarget) -> ConnectRequest {
        try makeRequest(
            trail.isAtFirstOrigin ? order : order.withoutConfidences(secrets), to: trail.url, keeping: cookies)
    }

    private func url(of text: Effects.ConnectOrder.Text) throws(UnusableTarget) -> WebSocketURL {
        do {
            return try WebSocketURL(text.text)
        } catch {
            throw UnusableTarget(
                reason: "'\(text.text)' is no WebSocket address: \(error.inWords)", span: text.span)
        }
    }

    private func makeRequest(
        _ order: Effects.ConnectOrder, to url: WebSocketURL, keeping kept: [Cookie]
    ) throws(UnusableTarget) -> ConnectRequest {
        var headers = try order.headers.map { header throws(UnusableTarget) in
            try field(header.name, header.value)
        }
        if let origin = order.origin { headers.append(try field("Origin", origin)) }
        for subprotocol in order.subprotocols {
            do {
                try HandshakeRequest.judge(subprotocol: subprotocol.text)
            } catch {
                throw UnusableTarget(reason: error.reason, span: subprotocol.span)
            }
        }
        try addCookies(of: order, kept, to: &headers)
        do {
            return try ConnectRequest(
                url: url, headers: headers, subprotocols: order.subprotocols.map(\.text), limits: limits,
                compression: compression, tls: tls, route: route)
        } catch {
            // Of all that is sent, only `Host` has more rules than the others.
            let host = order.headers.first { $0.name.lowercased() == "host" }
            throw UnusableTarget(reason: error.reason, span: host?.value.span ?? order.url.span)
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
        // A header of the plan's stays as it is written, where nothing has to be said behind it.
        let names = Cookie.parse(headerValue: headers[written].value)
        if let value = Cookie.headerValue(names, keeping: kept), !kept.isEmpty { headers[written].value = value }
    }
}

extension Effects.ConnectOrder {
    /// Whether two sessions ask for the same thing.
    fileprivate func isSameTarget(as other: Self) -> Bool {
        url.text == other.url.text && origin?.text == other.origin?.text
            && subprotocols.elementsEqual(other.subprotocols) { $0.text == $1.text }
            && headers.elementsEqual(other.headers) { $0.name == $1.name && $0.value.text == $1.value.text }
            && cookies.elementsEqual(other.cookies) { $0.name == $1.name && $0.value.text == $1.value.text }
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
        return order
    }
}
