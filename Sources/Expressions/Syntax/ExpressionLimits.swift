/// Bounds that keep a plan's text from exhausting stack or memory.
enum ExpressionLimits {
    /// UTF-8 bytes of one expression.
    static let length = 16_384
    /// Levels of one expression's tree, which is how deep checking and evaluation recur.
    static let depth = 120
    /// Levels of lists and maps within each other in one value; as deep as the deepest JSON that is read.
    static let valueDepth = 512
    /// Elements that one function or macro may make.
    static let elements = 1_000_000
    /// Elements that one evaluation may make and visit, in all its lists and macros together.
    static let work = 2_000_000
    /// Steps that one evaluation may take in regular expressions, beside those that each byte searched brings with it: a
    /// tenth of a second of the slowest pattern.
    static let searchSteps = 4_000_000
    /// Steps of a regular expression that each byte of the text allows.
    static let searchStepsPerByte = 64
    /// Names that one virtual user may count with `counter(name)`.
    static let counters = 10_000
    /// Bytes of one string or bytes value that an operator or function may make: 16 MiB.
    static let bytes = 16 * 1024 * 1024
    /// Bytes that one evaluation may make in all its strings and bytes values together: 256 MiB.
    static let totalBytes = 256 * 1024 * 1024
}
