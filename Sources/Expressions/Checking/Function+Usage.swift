extension Function {
    /// How a call of it is written, for the help of a diagnostic; what may be left out stands there too.
    var usage: String {
        switch self {
        case .size, .int, .uint, .double, .string, .bytes, .bool, .dyn, .hex, .sha256: "\(rawValue)(x)"
        case .startsWith, .endsWith, .contains: "text.\(rawValue)(part)"
        case .matches: "text.matches(regex)"
        case .charAt: "text.charAt(index)"
        case .indexOf, .lastIndexOf: "text.\(rawValue)(part, from)"
        case .join: "list.join(separator)"
        case .lowerAscii, .upperAscii, .trim: "text.\(rawValue)()"
        case .replace: "text.replace(old, new, limit)"
        case .split: "text.split(separator, limit)"
        case .substring: "text.substring(start, end)"
        case .encodeBase64, .encodeBase64URL: "\(rawValue)(bytes)"
        case .decodeBase64, .decodeBase64URL, .fromJSON, .urlEncode: "\(rawValue)(text)"
        case .hmacSHA256: "hmac_sha256(key, x)"
        case .extract: "extract(text, regex)"
        case .toJSON: "to_json(value)"
        case .range, .randomString: "\(rawValue)(n)"
        case .pick: "pick(list)"
        case .randomInt: "random_int(a, b)"
        case .random, .uuid, .nowMilliseconds, .nowMicroseconds, .nowISO: "\(rawValue)()"
        case .counter: "counter('name')"
        case .timeMilliseconds: "time_ms(iso)"
        }
    }
}
