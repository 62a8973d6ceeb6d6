/// What a client proposes about compression (RFC 7692 §7.1), and how it compresses where the server accepts.
package struct CompressionOffer: Hashable, Sendable {
    /// The name under which the extension is registered.
    static let extensionName = "permessage-deflate"

    /// None of our messages refers to an earlier one, whatever the server answers (§7.1.1.2).
    package var clientNoContextTakeover = false
    /// None of the server's messages may refer to an earlier one (§7.1.1.1).
    package var serverNoContextTakeover = false
    /// The base-2 logarithm of the window that we use at most, 8 to 15, whatever the server answers; nil for what it
    /// says (§7.1.2.2).
    package var clientMaximumWindowBits: Int?
    /// That of the window that the server may use at most; nil for any (§7.1.2.1).
    package var serverMaximumWindowBits: Int?
    /// How hard to try: 0 (stored), 1 (fast) to 9 (small).
    package var level = 6
    /// Messages of fewer bytes are sent as they are.
    package var threshold = 0

    package init() {}

    /// The value of `Sec-WebSocket-Extensions`. That the server may limit our window is always said: it costs nothing, and
    /// there are servers that accept no other offer.
    var header: String {
        var text = Self.extensionName
        if serverNoContextTakeover { text += "; server_no_context_takeover" }
        if clientNoContextTakeover { text += "; client_no_context_takeover" }
        if let bits = serverMaximumWindowBits { text += "; server_max_window_bits=\(bits)" }
        text += "; client_max_window_bits"
        if let bits = clientMaximumWindowBits { text += "=\(bits)" }
        return text
    }
}
