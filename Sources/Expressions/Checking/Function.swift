/// The functions of expressions: CEL's own, its string and encoder extensions, and this language's.
enum Function: String, CaseIterable, Sendable {
    case size
    case startsWith
    case endsWith
    case contains
    case matches

    case int
    case uint
    case double
    case string
    case bytes
    case bool
    case dyn

    case charAt
    case indexOf
    case lastIndexOf
    case join
    case lowerAscii
    case upperAscii
    case replace
    case split
    case substring
    case trim

    case encodeBase64 = "base64.encode"
    case decodeBase64 = "base64.decode"
    case encodeBase64URL = "base64url.encode"
    case decodeBase64URL = "base64url.decode"
    case hex
    case toJSON = "to_json"
    case fromJSON = "from_json"
    case urlEncode = "url_encode"
    case sha256
    case hmacSHA256 = "hmac_sha256"
    case extract

    case range
    case pick
    case random
    case randomInt = "random_int"
    case randomString = "random_string"
    case uuid
    case counter
    case nowMilliseconds = "now_ms"
    case nowMicroseconds = "now_us"
    case nowISO = "now_iso"
    case timeMilliseconds = "time_ms"
}

extension Function {
    /// How a function is written.
    enum Form {
        /// `size(x)`
        case global
        /// `x.trim()`
        case method
        /// Both: `size(x)` and `x.size()`.
        case either
    }

    struct Signature {
        var form: Form
        /// What it takes; the target of a method is the first.
        var parameters: [ValueTypes]
        /// How many of them, from the end, may be left out.
        var optional = 0
        var result: ValueTypes
        /// Whether equal arguments always give an equal value, so that it can be computed before the run.
        var isPure = true

        var argumentCounts: ClosedRange<Int> { parameters.count - optional...parameters.count }
    }

    var signature: Signature {
        switch self {
        case .size: Signature(form: .either, parameters: [[.string, .bytes, .list, .map]], result: .int)
        case .startsWith, .endsWith, .contains:
            Signature(form: .method, parameters: [.string, .string], result: .bool)
        case .matches: Signature(form: .either, parameters: [.string, .string], result: .bool)
        case .int: Signature(form: .global, parameters: [[.int, .uint, .double, .string]], result: .int)
        case .uint: Signature(form: .global, parameters: [[.int, .uint, .double, .string]], result: .uint)
        case .double: Signature(form: .global, parameters: [[.int, .uint, .double, .string]], result: .double)
        case .string:
            Signature(form: .global, parameters: [[.bool, .int, .uint, .double, .string, .bytes]], result: .string)
        case .bytes: Signature(form: .global, parameters: [[.string, .bytes]], result: .bytes)
        case .bool: Signature(form: .global, parameters: [[.bool, .string]], result: .bool)
        case .dyn: Signature(form: .global, parameters: [.any], result: .any)
        case .charAt: Signature(form: .method, parameters: [.string, .int], result: .string)
        case .indexOf, .lastIndexOf:
            Signature(form: .method, parameters: [.string, .string, .int], optional: 1, result: .int)
        case .join: Signature(form: .method, parameters: [.list, .string], optional: 1, result: .string)
        case .lowerAscii, .upperAscii, .trim: Signature(form: .method, parameters: [.string], result: .string)
        case .replace:
            Signature(form: .method, parameters: [.string, .string, .string, .int], optional: 1, result: .string)
        case .split: Signature(form: .method, parameters: [.string, .string, .int], optional: 1, result: .list)
        case .substring: Signature(form: .method, parameters: [.string, .int, .int], optional: 1, result: .string)
        case .encodeBase64, .encodeBase64URL, .hex:
            Signature(form: .global, parameters: [[.bytes, .string]], result: .string)
        case .decodeBase64, .decodeBase64URL: Signature(form: .global, parameters: [.string], result: .bytes)
        case .toJSON: Signature(form: .global, parameters: [.any], result: .string)
        case .fromJSON: Signature(form: .global, parameters: [[.string, .bytes]], result: .json)
        case .urlEncode: Signature(form: .global, parameters: [.string], result: .string)
        case .sha256: Signature(form: .global, parameters: [[.bytes, .string]], result: .bytes)
        case .hmacSHA256:
            Signature(form: .global, parameters: [[.bytes, .string], [.bytes, .string]], result: .bytes)
        case .extract: Signature(form: .global, parameters: [.string, .string], result: .string)
        case .range: Signature(form: .global, parameters: [.int], result: .list)
        case .pick: Signature(form: .global, parameters: [.list], result: .any, isPure: false)
        case .random: Signature(form: .global, parameters: [], result: .double, isPure: false)
        case .randomInt: Signature(form: .global, parameters: [.int, .int], result: .int, isPure: false)
        case .randomString: Signature(form: .global, parameters: [.int], result: .string, isPure: false)
        case .uuid, .nowISO: Signature(form: .global, parameters: [], result: .string, isPure: false)
        case .counter: Signature(form: .global, parameters: [.string], result: .int, isPure: false)
        case .nowMilliseconds, .nowMicroseconds: Signature(form: .global, parameters: [], result: .int, isPure: false)
        case .timeMilliseconds: Signature(form: .global, parameters: [.string], result: .int)
        }
    }

    /// First parts of names with a dot: `base64`.
    static let namespaces: Set<String> = Set(
        allCases.compactMap { function in
            let parts = function.rawValue.split(separator: ".")
            return parts.count == 2 ? String(parts[0]) : nil
        })
}
