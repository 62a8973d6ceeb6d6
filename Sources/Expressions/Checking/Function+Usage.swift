extension Function {
    /// How a call of it is written, for the help of a diagnostic; what may be left out stands there too.
    var usage: String {
        switch self {
        case .size, .int, .uint, .double, .string, .bytes, .bool, .dyn, .hex: "\(rawValue)(x)"
        case .startsWith, .endsWith, .contains: "text.\(rawValue)(part)"
        case .charAt: "text.charAt(index)"
        case .indexOf, .lastIndexOf: "text.\(rawValue)(part, from)"
        case .join: "list.join(separator)"
        case .lowerAscii, .upperAscii, .trim: "text.\(rawValue)()"
        case .replace: "text.replace(old, new, limit)"
        case .split: "text.split(separator, limit)"
        case .substring: "text.substring(start, end)"
        case .encodeBase64, .encodeBase64URL: "\(rawValue)(bytes)"
        case .decodeBase64, .decodeBase64URL, .fromJSON, .urlEncode: "\(rawValue)(text)"
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
