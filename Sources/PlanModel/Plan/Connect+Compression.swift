extension Connect {
    /// What a session proposes about compression (RFC 7692), and how it compresses what it sends.
    package struct Compression: Hashable, Sendable {
        /// Our messages do not refer to earlier ones.
        package var clientNoContextTakeover = false
        /// The server's messages may not refer to earlier ones.
        package var serverNoContextTakeover = false
        /// The base-2 logarithm of the window that we use at most; nil where the plan does not say.
        package var clientMaximumWindowBits: Int?
        /// That of the window that the server may use at most; nil where the plan does not say.
        package var serverMaximumWindowBits: Int?
        /// 0 (stored), 1 (fast) to 9 (small).
        package var level = 6
        /// Messages of fewer bytes are sent as they are.
        package var threshold = 0

        package init() {}
    }
}
