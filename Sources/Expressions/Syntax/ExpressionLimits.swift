/// Bounds that keep a plan's text from exhausting stack or memory.
enum ExpressionLimits {
    /// UTF-8 bytes of one expression.
    static let length = 16_384
    /// Levels of one expression's tree, which is how deep checking and evaluation recur.
    static let depth = 120
    /// Elements that one function or macro may make.
    static let elements = 1_000_000
    /// Bytes of one string or bytes value that an operator or function may make: 16 MiB.
    static let bytes = 16 * 1024 * 1024
}
