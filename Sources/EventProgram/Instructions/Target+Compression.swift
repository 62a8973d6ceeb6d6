import Quantities

extension Target {
    /// What every connection proposes about compression (RFC 7692), and how it compresses what it sends.
    package struct Compression: Hashable, Sendable {
        package var clientNoContextTakeover: Bool
        package var serverNoContextTakeover: Bool
        /// Base-2 logarithms of windows; nil for what the server says.
        package var clientMaximumWindowBits: Int?
        package var serverMaximumWindowBits: Int?
        package var level: Int
        /// Messages of fewer bytes are not compressed.
        package var threshold: Int

        package init(
            clientNoContextTakeover: Bool, serverNoContextTakeover: Bool, clientMaximumWindowBits: Int?,
            serverMaximumWindowBits: Int?, level: Int, threshold: Int
        ) {
            self.clientNoContextTakeover = clientNoContextTakeover
            self.serverNoContextTakeover = serverNoContextTakeover
            self.clientMaximumWindowBits = clientMaximumWindowBits
            self.serverMaximumWindowBits = serverMaximumWindowBits
            self.level = level
            self.threshold = threshold
        }

        /// For the listing of a program.
        var inWords: String {
            var words = ["level \(level)"]
            if threshold > 0 { words.append("from \(SizeText.text(ofBytes: threshold))") }
            if clientNoContextTakeover { words.append("client_no_context_takeover") }
            if serverNoContextTakeover { words.append("server_no_context_takeover") }
            if let bits = clientMaximumWindowBits { words.append("client_max_window_bits \(bits)") }
            if let bits = serverMaximumWindowBits { words.append("server_max_window_bits \(bits)") }
            return words.joined(separator: ", ")
        }
    }
}
