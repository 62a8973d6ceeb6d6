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
        case .hex: return .string(BytesAsText.hexadecimal(try bytes(first)))
        case .toJSON: return .string(try toJSON())
        case .fromJSON: return try fromJSON()
        case .urlEncode: return .string(BytesAsText.percentEncoded(Array(try string(first).utf8)))
        case .sha256: return .bytes(Digests.sha256(try bytes(first)))
        case .hmacSHA256: return .bytes(Digests.hmacSHA256(key: try bytes(first), try bytes(second)))
        default: return .int(try timeMilliseconds())
        }
    }

    private func decode(_ alphabet: Base64.Alphabet) throws(EvaluationError) -> [UInt8] {
        guard
            let bytes = Base64.decode(
                Array(try string(first).utf8), alphabet, tolerating: [.missingPadding, .unusedBits])
        else {
            throw error(.cannotConvert(first.shown, to: "bytes", why: "it is no Base64"))
        }
        return bytes
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

    private func timeMilliseconds() throws(EvaluationError) -> Int64 {
        guard let nanoseconds = Timestamp.parse(try string(first)) else {
            throw error(.cannotConvert(first.shown, to: "a time", why: "it is not written as in 2026-01-31T12:00:00Z"))
        }
        return Timestamp.floorDivide(nanoseconds, by: 1_000_000)
    }
}
