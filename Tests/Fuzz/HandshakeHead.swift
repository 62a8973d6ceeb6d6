import WebSocketCodec

/// What a parser made of a head, and how many bytes it took.
private enum Outcome: Equatable {
    case incomplete
    case answer(HandshakeResponse, taken: Int, verification: HandshakeError?)
    case request(ReceivedHandshake, taken: Int)
    case refused(String)

    /// As a client: the answer to a request that offers two subprotocols.
    init(answer pieces: [ArraySlice<UInt8>]) {
        let key = HandshakeKey(parsing: "dGhlIHNhbXBsZSBub25jZQ==")!
        var parser = HandshakeResponseParser()
        var taken = 0
        do throws(HandshakeError) {
            let request = try HandshakeRequest(target: "/", host: "h", subprotocols: ["a", "b"])
            for piece in pieces {
                var buffer = ByteBuffer()
                buffer.append(Array(piece).span.bytes)
                var position = 0
                if let response = try parser.next(in: buffer.readableBytes, at: &position) {
                    taken += position
                    self = .answer(response, taken: taken, verification: request.complaint(about: response, key: key))
                    return
                }
                require(position == piece.count, "bytes left over")
                taken += position
            }
            self = .incomplete
        } catch {
            // What is no HTTP at all is refused by its first bytes, in words about as many of them as have arrived.
            self = .refused(error.reason.contains("not valid HTTP: it ") ? "not HTTP" : error.reason)
        }
    }

    /// As a server.
    init(request pieces: [ArraySlice<UInt8>]) {
        var parser = HandshakeRequestParser()
        var taken = 0
        do throws(HandshakeRefusal) {
            for piece in pieces {
                var buffer = ByteBuffer()
                buffer.append(Array(piece).span.bytes)
                var position = 0
                if let request = try parser.next(in: buffer.readableBytes, at: &position) {
                    self = .request(request, taken: taken + position)
                    return
                }
                require(position == piece.count, "bytes left over")
                taken += position
            }
            self = .incomplete
        } catch {
            self = .refused("\(error.status): \(error.reason)")
        }
    }
}

extension HandshakeRequest {
    fileprivate func complaint(about response: HandshakeResponse, key: HandshakeKey) -> HandshakeError? {
        do throws(HandshakeError) {
            try verify(response, key: key)
            return nil
        } catch {
            return error
        }
    }
}

/// What an answer may make a client say next: the cookies that it sets, and the address that it leads to. Both stay on
/// their lines.
private func requireHarmless(_ response: HandshakeResponse) {
    guard let here = try? WebSocketURL("wss://www.example.com/a/b?c") else { return require(false, "no address") }
    var jar = CookieJar()
    jar.take(from: response.headers, of: here, atUnixSeconds: 0)
    require(jar.count <= CookieJar.maximumCount, "\(jar.count) cookies")
    var trail = RedirectTrail(from: here, with: [], limit: 1)
    do throws(HandshakeError) {
        try trail.follow(response) { jar.cookies(for: $0, atUnixSeconds: 0) }
    } catch {
        require(trail.url == here, "went on to what it has refused")
    }
    require(trail.url.scheme == .wss, "left TLS")
    var headers = trail.url.basicAuthorization.map { [HTTPHeaderField(name: "Authorization", value: $0)] } ?? []
    let cookies = jar.cookies(for: trail.url, atUnixSeconds: 0)
    if let value = Cookie.headerValue(cookies) { headers.append(HTTPHeaderField(name: "Cookie", value: value)) }
    let request = try? HandshakeRequest(target: trail.url.target, host: trail.url.hostHeader, headers: headers)
    require(request != nil, "a request that cannot be sent, to \(trail.url)")
}

/// Heads of both sides: the same outcome however the bytes are cut; nothing is accepted without the bytes that prove it;
/// and nothing that an answer says can break out of the request that follows it.
///
/// Input: a byte (bit 0: the head of a request), two bytes for a place to cut, the head.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzHandshakeHead(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let isRequest = input.byte() & 1 != 0
    let place = input.index(upTo: max(0, count - 3))
    let bytes = input.bytes
    func read(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
        isRequest ? Outcome(request: pieces) : Outcome(answer: pieces)
    }

    let whole = read([bytes[...]])
    let cut = min(place, bytes.count)
    let pieces = read([bytes[..<cut], bytes[cut...]])
    require(pieces == whole, "cut at \(cut): \(pieces) instead of \(whole)")
    let single = read(bytes.indices.map { bytes[$0...$0] })
    require(single == whole, "byte by byte: \(single) instead of \(whole)")

    if case .answer(let response, _, _) = whole { requireHarmless(response) }
    switch whole {
    case .answer(let response, let taken, verification: nil):
        let head = String(decoding: bytes[..<taken], as: UTF8.self)
        require(response.status == 101 && response.body.isEmpty, "accepted status \(response.status)")
        require(head.utf8.count { $0 == UInt8(ascii: "\n") } >= 5, "accepted a head of fewer lines than it needs")
        require(response.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "accepted without proof")
        require(response.headers["Sec-WebSocket-Extensions"] == nil, "accepted an extension")
        require([nil, "a", "b"].contains(response.subprotocol), "accepted a subprotocol that was not offered")
    case .request(let request, _):
        var answer = ByteBuffer()
        request.appendAcceptance(subprotocol: request.subprotocols.first, to: &answer)
        require(!answer.isEmpty, "no answer")
    default: break
    }
    return 0
}
