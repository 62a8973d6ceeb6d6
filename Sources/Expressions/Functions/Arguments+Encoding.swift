import Digests
import JSON

/// Encodings and other pure functions of this language.
extension Arguments {
    func encoded() throws(EvaluationError) -> Value {
        switch function {
        case .encodeBase64: return .string(Base64.encode(try bytes(first), .standard))
        case .encodeBase64URL: return .string(Base64.encode(try bytes(first), .urlSafe))
        case .decodeBase64: return .bytes(try decode(.standard))
        case .decodeBase64URL: return .bytes(try decode(.urlSafe))
        case .hex: return .string(hex(try bytes(first)))
        case .toJSON: return .string(try toJSON())
        case .fromJSON: return try fromJSON()
        case .urlEncode: return .string(urlEncoded(try string(first)))
        default: return .int(try timeMilliseconds())
        }
    }

    private func decode(_ alphabet: Base64.Alphabet) throws(EvaluationError) -> [UInt8] {
        guard let bytes = Base64.decode(Array(try string(first).utf8), alphabet, tolerating: .missingPadding) else {
            throw error(.cannotConvert(first.shown, to: "bytes", why: "it is no Base64"))
        }
        return bytes
    }

    private func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private func toJSON() throws(EvaluationError) -> String {
        var writer = JSONWriter()
        guard first.write(to: &writer) else { throw error(.cannotConvert(first.shown, to: "JSON")) }
        return writer.text
    }

    private func fromJSON() throws(EvaluationError) -> Value {
        let result = try bytes(first).withUnsafeBytes { bytes in
            Result { () throws(JSONError) in try JSONDocument.parse(bytes) }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw error(.notJSON("the JSON", failure))
        }
    }

    /// All but RFC 3986's unreserved characters as `%XX`.
    private func urlEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private func timeMilliseconds() throws(EvaluationError) -> Int64 {
        guard let nanoseconds = Timestamp.parse(try string(first)) else {
            throw error(.cannotConvert(first.shown, to: "a time", why: "it is not written as in 2026-01-31T12:00:00Z"))
        }
        return Timestamp.floorDivide(nanoseconds, by: 1_000_000)
    }
}
