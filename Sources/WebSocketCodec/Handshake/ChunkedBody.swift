/// Takes the chunked coding (RFC 9112 §7.1) off a body that arrives in pieces. Extensions and trailers are passed over.
struct ChunkedBody {
    enum Step {
        /// The byte belongs to the coding.
        case framing
        /// The byte belongs to the body.
        case data
        /// The byte is the last one of the body's coding, or breaks the coding.
        case end
    }

    private enum State {
        case size(UInt64?)
        case sizeLineRest(UInt64)
        case data(UInt64)
        case dataEnd
        case trailer(isEmpty: Bool)
    }

    private var state = State.size(nil)

    mutating func take(_ byte: UInt8) -> Step {
        switch state {
        case .size(let size):
            if let digit = byte.hexDigitValue {
                guard let size, size >> 59 == 0 || size == 0 else {
                    state = .size(UInt64(digit))
                    return size == nil ? .framing : .end
                }
                state = .size(size << 4 | UInt64(digit))
                return .framing
            }
            guard let size else { return .end }
            state = byte == UInt8(ascii: "\n") ? afterSizeLine(size) : .sizeLineRest(size)
            return .framing
        case .sizeLineRest(let size):
            if byte == UInt8(ascii: "\n") { state = afterSizeLine(size) }
            return .framing
        case .data(let remaining):
            state = remaining == 1 ? .dataEnd : .data(remaining - 1)
            return .data
        case .dataEnd:
            if byte == UInt8(ascii: "\n") { state = .size(nil) }
            return .framing
        case .trailer(let isEmpty):
            if byte == UInt8(ascii: "\n") {
                if isEmpty { return .end }
                state = .trailer(isEmpty: true)
            } else if byte != UInt8(ascii: "\r") {
                state = .trailer(isEmpty: false)
            }
            return .framing
        }
    }

    private func afterSizeLine(_ size: UInt64) -> State {
        size == 0 ? .trailer(isEmpty: true) : .data(size)
    }
}
