/// Reads the answer to an opening request from bytes that arrive in pieces.
///
/// Interim answers (1xx but 101) are passed over, up to a number of them. What follows the head of a 101 is left to the frame decoder; of any
/// other answer the start of the body is kept, for people and for `response.body`.
package struct HandshakeResponseParser: Sendable {
    static let maximumBodySize = 4 << 10
    /// So many bytes of chunked coding are read for those 4 KiB, and no more.
    private static let maximumCodedBodySize = 64 << 10
    /// So many interim answers are passed over. Servers send one or two; RFC 9110 §15.2 has no limit, we need one.
    static let maximumInterimCount = 16

    private enum Stage {
        case head
        case body(remaining: UInt64)
        case bodyUntilClose
        case chunkedBody(ChunkedBody, codedCount: Int)
    }

    /// What was asked for, which decides about the answer that ends with its head: what follows it is what was asked for.
    package enum Request: Sendable {
        /// Another protocol: 101.
        case upgrade
        /// A tunnel through a proxy (`CONNECT`, RFC 9112 §6.3): any 2xx. A 101 answers nothing here.
        case tunnel
    }

    private let request: Request
    private var stage = Stage.head
    private var reader = HTTPHeadReader()
    private var interimCount = 0
    /// Bytes of interim answers; they count towards the limit on the head.
    private var interimSize = 0
    private var response = HandshakeResponse(status: 0, reasonPhrase: "", headers: HTTPHeaders(), body: [])

    package init(to request: Request = .upgrade) { self.request = request }

    /// Whether nothing has arrived yet.
    package var isEmpty: Bool { interimCount == 0 && reader.bytes.isEmpty && response.status == 0 }

    /// Takes bytes from `received[position...]`; gives the answer once it is complete, else `nil` when all bytes are
    /// consumed. What is left behind `position` after a 101 belongs to the first frames.
    package mutating func next(
        in received: UnsafeRawBufferPointer, at position: inout Int
    ) throws(HandshakeError) -> HandshakeResponse? {
        while case .head = stage {
            guard try takeHead(from: received, at: &position) else { return nil }
            if isGranted { return response }
            if (100...199).contains(response.status) {
                try passInterim()
            } else {
                stage = bodyStage()
            }
        }
        return takeBody(from: received, at: &position) ? response : nil
    }

    private var isGranted: Bool {
        switch request {
        case .upgrade: response.status == 101
        case .tunnel: (200...299).contains(response.status)
        }
    }

    /// How many bytes of the head at hand were looked at, those looked at again included: the work, counted.
    package var examinedByteCount: Int { reader.examinedByteCount }

    /// The answer where the server has ended the connection: complete as far as its body got.
    package func finish() throws(HandshakeError) -> HandshakeResponse {
        if case .head = stage {
            throw HandshakeError(reason: "the connection ended \(isEmpty ? "without" : "inside of") an HTTP answer")
        }
        return response
    }

    // MARK: Head

    private mutating func passInterim() throws(HandshakeError) {
        interimCount += 1
        guard interimCount <= Self.maximumInterimCount else {
            throw HandshakeError(reason: "more than \(Self.maximumInterimCount) interim answers")
        }
        interimSize += reader.bytes.count
        reader = HTTPHeadReader(precedingSize: interimSize)
    }

    private mutating func takeHead(
        from received: UnsafeRawBufferPointer, at position: inout Int
    ) throws(HandshakeError) -> Bool {
        do throws(HTTPHeadError) {
            let isComplete: Bool
            do throws(HTTPHeadError) {
                isComplete = try reader.take(from: received, at: &position)
            } catch {
                try judgeBeginning()
                throw error
            }
            try judgeBeginning()
            guard isComplete else { return false }
            let headers = try reader.headers(unfolding: true)
            try parseStatusLine(reader.startLine)
            response.headers = headers
            return true
        } catch {
            throw HandshakeError(reason: "the answer is not valid HTTP: \(error.reason)")
        }
    }

    /// Refuses what is not HTTP/1 by its first bytes, instead of waiting for an end of line that may never come.
    private func judgeBeginning() throws(HTTPHeadError) {
        let expected = "HTTP/1.".utf8
        guard !reader.bytes.starts(with: expected), !expected.starts(with: reader.bytes) else { return }
        if reader.bytes.starts(with: [0x15, 0x03]) || reader.bytes.starts(with: [0x16, 0x03]) {
            throw .malformed("it is a TLS record (wss:// is the scheme for TLS)")
        }
        throw .malformed("it begins with \(quoted(String(decoding: reader.bytes.prefix(40), as: UTF8.self)))")
    }

    /// `HTTP/1.1 101 Switching Protocols` (RFC 9112 §4); the space before an empty reason is often left out.
    private mutating func parseStatusLine(_ line: ArraySlice<UInt8>) throws(HTTPHeadError) {
        let (version, rest) = Self.word(of: line)
        let (code, reason) = Self.word(of: rest)
        let isFirstVersion = version.elementsEqual("HTTP/1.0".utf8)
        let isCode = code.count == 3 && code.allSatisfy { $0.isASCIIDigit }
        let status = isCode ? code.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } : 0
        guard isFirstVersion || version.elementsEqual("HTTP/1.1".utf8), status >= 100 else {
            throw .malformed("status line \(quoted(String(decoding: line, as: UTF8.self)))")
        }
        guard status >= 200 || !isFirstVersion else {
            throw .malformed("HTTP/1.0 has no status \(status)")
        }
        response.status = status
        response.reasonPhrase = trimmedText(reason)
    }

    /// What stands before the first space, and what stands behind it.
    private static func word(of line: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
        guard let space = line.firstIndex(of: 0x20) else { return (line, []) }
        return (line[..<space], line[(space + 1)...])
    }

    // MARK: Body

    /// How long the body is (RFC 9112 §6.3). A length that cannot be understood, or two that differ, are as good as none:
    /// the status tells people more than our complaint about it would.
    private func bodyStage() -> Stage {
        if response.status == 204 || response.status == 304 { return .body(remaining: 0) }
        if let coding = response.headers.listElements(of: "Transfer-Encoding").last {
            return equalIgnoringASCIICase(coding, "chunked")
                ? .chunkedBody(ChunkedBody(), codedCount: 0) : .bodyUntilClose
        }
        let lengths = Set(response.headers.listElements(of: "Content-Length"))
        guard lengths.count == 1, let text = lengths.first, text.utf8.allSatisfy(\.isASCIIDigit),
            let length = UInt64(text)
        else { return .bodyUntilClose }
        return .body(remaining: length)
    }

    /// Whether the body is complete, or as much of it as we keep.
    private mutating func takeBody(from received: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
        while true {
            if case .body(remaining: 0) = stage { return true }
            guard response.body.count < Self.maximumBodySize else { return true }
            guard position < received.count else { return false }
            let byte = received[position]
            position += 1
            switch stage {
            case .head: preconditionFailure("a body before its head")
            case .bodyUntilClose: response.body.append(byte)
            case .body(let remaining):
                response.body.append(byte)
                stage = .body(remaining: remaining - 1)
            case .chunkedBody(var coding, let codedCount):
                let step = coding.take(byte)
                stage = .chunkedBody(coding, codedCount: codedCount + 1)
                if case .data = step { response.body.append(byte) }
                if case .end = step { return true }
                if codedCount + 1 == Self.maximumCodedBodySize { return true }
            }
        }
    }
}
