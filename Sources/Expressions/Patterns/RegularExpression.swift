import CPCRE2

/// A regular expression, ready to be searched with from any thread: RE2's syntax and meaning, PCRE2's engine.
///
/// PCRE2 goes back and tries again, which can take time exponential in the text, or quadratic without a single step back.
/// So each search has a number of steps: every item of the pattern that is tried is one, and so is every byte that an item
/// has passed over. PCRE2 calls out before each item (`PCRE2_AUTO_CALLOUT`), and there they are counted. Its own limit would
/// not do alone, as it starts anew at each byte of the text, and its compiler (JIT) is left out, as it counts in another way.
final class RegularExpression: @unchecked Sendable {
    // Sendable: compiled code is never written to (pcre2api(3), MULTITHREADING).
    private let code: OpaquePointer
    private let hasGroups: Bool

    /// UTF-8 bytes of a pattern.
    static let lengthLimit = 16_384
    /// KiB that one search may take for the ways that are still open: 32 MiB.
    private static let heapLimit: UInt32 = 32_768

    init(_ pattern: String) throws(PatternError) {
        guard pattern.utf8.count <= Self.lengthLimit else {
            throw PatternError(
                words: "it has \(pattern.utf8.count) bytes; \(Self.lengthLimit) are allowed",
                range: 0..<pattern.utf8.count)
        }
        var translator = PatternTranslator(pattern)
        let translation = try translator.translate()
        var failure: Int32 = 0
        var place = 0
        // `$` is the very end and `^` of (?m) stands behind every line feed, as in RE2.
        let options =
            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT
        guard
            let code = pcre2_compile_8(
                translation.pattern, translation.pattern.count, options, &failure, &place, CompileContext.shared.pointer
            )
        else { throw Self.error(failure, at: place, of: translation, pattern) }
        self.code = code
        var groupCount: UInt32 = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groupCount)
        hasGroups = groupCount > 0
    }

    deinit { pcre2_code_free_8(code) }

    /// Where an expression was found, in UTF-8 offsets of the text.
    struct Match: Equatable {
        var whole: Range<Int>
        /// The first group; nil where there is none, or it took no part.
        var firstGroup: Range<Int>?
    }

    /// Why a search came to no end.
    enum Failure: Error, Equatable {
        case tooManySteps
        case tooMuchMemory
        case notUTF8
    }

    /// The leftmost match, or nil.
    ///
    /// - Parameter isUTF8: whether it is known that the text is valid UTF-8; otherwise it is looked at first.
    /// - Parameter steps: how many may be taken; those that are left after the search.
    func firstMatch(
        in text: UnsafeRawBufferPointer, isUTF8: Bool, steps: inout Int
    ) throws(Failure) -> Match? {
        // Room for the whole and for one group. Without memory for it there is none for anything else either.
        guard let data = pcre2_match_data_create_8(2, nil), let context = pcre2_match_context_create_8(nil) else {
            preconditionFailure("no memory for a search")
        }
        defer {
            pcre2_match_context_free_8(context)
            pcre2_match_data_free_8(data)
        }
        var counter = StepCounter(left: steps)
        let result = withUnsafeMutablePointer(to: &counter) { counter in
            pcre2_set_heap_limit_8(context, Self.heapLimit)
            pcre2_set_match_limit_8(context, UInt32(clamping: max(1, counter.pointee.left)))
            pcre2_set_callout_8(context, StepCounter.count, counter)
            return withExtendedLifetime(self) {
                // An empty text may have no address, which PCRE2 takes for a mistake.
                let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nothing
                return pcre2_match_8(code, start, text.count, 0, isUTF8 ? PCRE2_NO_UTF_CHECK : 0, data, context)
            }
        }
        steps = counter.left
        switch result {
        case 0...: return match(in: data)
        case PCRE2_ERROR_NOMATCH: return nil
        case PCRE2_ERROR_CALLOUT, PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT: throw .tooManySteps
        case PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_NOMEMORY: throw .tooMuchMemory
        case PCRE2_ERROR_UTF8_ERR21...PCRE2_ERROR_UTF8_ERR1: throw .notUTF8
        default: preconditionFailure("PCRE2 error \(result) of a search")
        }
    }

    private static nonisolated(unsafe) let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

    private func match(in data: OpaquePointer) -> Match {
        guard let offsets = pcre2_get_ovector_pointer_8(data) else { preconditionFailure("a match is nowhere") }
        // Places of groups that the pattern has not got are not written; of one that took no part they are ~0 (PCRE2_UNSET).
        let isSet = hasGroups && offsets[2] != ~0
        return Match(whole: offsets[0]..<offsets[1], firstGroup: isSet ? offsets[2]..<offsets[3] : nil)
    }
}
