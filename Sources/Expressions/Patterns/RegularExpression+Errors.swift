import CPCRE2

extension RegularExpression {
    /// What PCRE2 says about a pattern that the translator took for one. Its place is behind what is wrong.
    static func error(
        _ code: Int32, at place: Int, of translation: PatternTranslator.Translation, _ pattern: String
    ) -> PatternError {
        let end = translation.origins[min(place, translation.origins.count - 1)]
        let start = translation.origins[max(0, min(place, translation.origins.count) - 1)]
        return PatternError(words: words(code), range: start..<max(end, min(start + 1, pattern.utf8.count)))
    }

    private static func words(_ code: Int32) -> String {
        switch code {
        case PCRE2_ERROR_QUANTIFIER_INVALID: return "there is nothing that could be repeated"
        case PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER: return "the least number of repetitions is above the greatest"
        case PCRE2_ERROR_CLASS_RANGE_ORDER: return "the range begins behind its end"
        case PCRE2_ERROR_CLASS_INVALID_RANGE: return "a class of characters is no end of a range"
        case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY, PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY:
            return "no class of characters has this name"
        case PCRE2_ERROR_DUPLICATE_SUBPATTERN_NAME: return "two groups have this name"
        case PCRE2_ERROR_SUBPATTERN_NAME_EXPECTED, PCRE2_ERROR_MISSING_NAME_TERMINATOR,
            PCRE2_ERROR_INVALID_SUBPATTERN_NAME:
            return "this is no name of a group: letters, digits and '_', and no digit first"
        default:
            var text = [UInt8](repeating: 0, count: 256)
            let count = pcre2_get_error_message_8(code, &text, text.count)
            return count > 0 ? String(decoding: text.prefix(Int(count)), as: UTF8.self) : "PCRE2 error \(code)"
        }
    }
}

/// What all patterns are compiled with.
struct CompileContext: @unchecked Sendable {
    // Sendable: never changed once it is made. One of the process, never freed.
    static let shared = CompileContext()

    let pointer: OpaquePointer

    private init() {
        guard let pointer = pcre2_compile_context_create_8(nil) else { preconditionFailure("no memory for patterns") }
        // `.` is any character but a line feed, whatever the library was built with.
        pcre2_set_newline_8(pointer, UInt32(PCRE2_NEWLINE_LF))
        self.pointer = pointer
    }
}
