/// Why a text is no regular expression.
struct PatternError: Error, Equatable, Sendable {
    /// What is wrong, to stand behind a colon.
    var words: String
    /// UTF-8 offsets into the pattern.
    var range: Range<Int>
    /// What to write instead.
    var help: String?
}
