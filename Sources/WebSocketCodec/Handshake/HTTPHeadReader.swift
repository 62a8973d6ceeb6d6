/// Why a head cannot be read. Each side of the handshake has its own words and answers for it.
struct HTTPHeadError: Error {
    enum Kind {
        case malformed
        case tooLarge
    }

    let kind: Kind
    let reason: String

    static func malformed(_ reason: String) -> Self { Self(kind: .malformed, reason: reason) }
    static func tooLarge(_ reason: String) -> Self { Self(kind: .tooLarge, reason: reason) }
}

/// Collects the lines of one HTTP/1 head (RFC 9112 §2.1) from bytes that arrive in pieces. What it does with a byte does
/// not depend on how many came before, so that its work is linear however the head is cut.
///
/// A line is searched for, copied and judged as a whole: byte by byte it was 10,000 instructions a head.
struct HTTPHeadReader {
    static let maximumSize = 64 << 10
    static let maximumLineCount = 128

    private(set) var bytes: [UInt8] = []
    /// How many bytes were looked at to find lines and judge them, those looked at again included: the work, counted.
    private(set) var examinedByteCount = 0
    /// How many bytes the head may have.
    private let sizeLimit: Int
    /// The complete lines without their ends, the first of them the start line.
    private var lines: [Range<Int>] = []
    private var lineStart = 0

    /// - Parameter precedingSize: bytes of heads that came before and count towards `maximumSize`.
    init(precedingSize: Int = 0) {
        sizeLimit = Self.maximumSize - precedingSize
    }

    /// Takes bytes from `received[position...]` up to the empty line that ends the head; true when that has come.
    mutating func take(
        from received: UnsafeRawBufferPointer, at position: inout Int
    ) throws(HTTPHeadError) -> Bool {
        if bytes.isEmpty { reserveUsualCapacity() }
        while position < received.count {
            let room = sizeLimit - bytes.count
            guard room > 0 else {
                throw .tooLarge("head of more than \(Self.maximumSize >> 10) KiB")
            }
            let rest = UnsafeRawBufferPointer(rebasing: received[position...].prefix(room))
            let lineFeed = rest.firstIndex(of: UInt8(ascii: "\n"))
            let count = lineFeed.map { $0 + 1 } ?? rest.count
            bytes.append(contentsOf: rest[..<count])
            position += count
            examinedByteCount += count
            guard lineFeed != nil else { continue }
            let line = try line(endingAt: bytes.count - 1)
            lineStart = bytes.count
            if line.isEmpty, !lines.isEmpty { return true }
            examinedByteCount += line.count
            if let offender = bytes.withUnsafeBufferPointer({ $0[line].first { $0.isHTTPControl } }) {
                throw .malformed("control character 0x\(String(offender, radix: 16)) in \(quoted(text(of: line)))")
            }
            lines.append(line)
            guard lines.count <= Self.maximumLineCount + 1 else {
                throw .tooLarge("head with more than \(Self.maximumLineCount) header lines")
            }
        }
        return false
    }

    /// For a head as servers send it, so that nothing grows while it is read.
    private mutating func reserveUsualCapacity() {
        bytes.reserveCapacity(512)
        lines.reserveCapacity(16)
    }

    /// The line at hand, whose line feed stands at `end`. RFC 9112 §2.2 leaves it to us whether a lone line feed ends a
    /// line; one that does is a sender's mistake that others will not forgive, and is told.
    private func line(endingAt end: Int) throws(HTTPHeadError) -> Range<Int> {
        guard end > lineStart, bytes[end - 1] == UInt8(ascii: "\r") else {
            throw .malformed("line \(quoted(text(of: lineStart..<end))) ends with LF instead of CR LF")
        }
        return lineStart..<end - 1
    }

    /// The request line or status line.
    var startLine: ArraySlice<UInt8> { lines.first.map { bytes[$0] } ?? [] }

    /// The header lines. A line that begins with a space goes on with the one before it (RFC 9112 §5.2): a client has
    /// to understand that, a server to refuse it.
    func headers(unfolding: Bool) throws(HTTPHeadError) -> HTTPHeaders {
        var fields: [HTTPHeaderField] = []
        fields.reserveCapacity(lines.count)
        for line in lines.dropFirst() {
            if !line.isEmpty, bytes[line.lowerBound].isHTTPWhitespace {
                guard unfolding, !fields.isEmpty else {
                    throw .malformed("header line \(quoted(text(of: line))) that begins with a space")
                }
                fields[fields.count - 1].goOn(with: trimmedText(bytes[line]))
                continue
            }
            guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")) else {
                throw .malformed("header line \(quoted(text(of: line))) without a colon")
            }
            let name = bytes[line.lowerBound..<colon]
            guard !name.isEmpty, name.allSatisfy({ $0.isHTTPTokenCharacter }) else {
                throw .malformed("header name \(quoted(text(of: name.indices)))")
            }
            fields.append(
                HTTPHeaderField(
                    name: text(of: name.indices), value: trimmedText(bytes[colon + 1..<line.upperBound])))
        }
        return HTTPHeaders(fields)
    }

    private func text(of line: Range<Int>) -> String {
        String(decoding: bytes[line], as: UTF8.self)
    }
}

extension HTTPHeaderField {
    /// Appends the rest of a folded value. Between what is there and what comes a space stands for the line break; before
    /// or behind the whole value it would belong to the space around it.
    fileprivate mutating func goOn(with rest: String) {
        if !value.isEmpty, !rest.isEmpty { value += " " }
        value += rest
    }
}
