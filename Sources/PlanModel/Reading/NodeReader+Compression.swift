import Diagnostics
import PlanSyntax
import WebSocketCodec

/// `connect.compression`.
extension NodeReader {
    private static let compressionKeys = KeySpace(
        owner: "'compression'",
        known: [
            "client_no_context_takeover", "server_no_context_takeover", "client_max_window_bits",
            "server_max_window_bits", "level", "threshold",
        ])

    /// True or false, or what is proposed in detail.
    mutating func compression(_ node: PlanNode) -> CompressionOffer? {
        let example = "compression:\n  level: 1\n  threshold: 1KiB"
        guard node.mapping != nil else {
            guard node.scalar != nil, !node.isNull else {
                reportWrongType(node, of: "'compression'", Wanted("true, false or a mapping", example))
                return nil
            }
            return boolean(node, of: "'compression'", "compression: true") ? CompressionOffer() : nil
        }
        guard let fields = fields(node, of: Self.compressionKeys, example: example) else { return nil }
        var compression = CompressionOffer()
        if let node = fields["client_no_context_takeover"] {
            compression.clientNoContextTakeover =
                boolean(node, of: "'client_no_context_takeover'", "client_no_context_takeover: true")
        }
        if let node = fields["server_no_context_takeover"] {
            compression.serverNoContextTakeover =
                boolean(node, of: "'server_no_context_takeover'", "server_no_context_takeover: true")
        }
        compression.clientMaximumWindowBits = fields["client_max_window_bits"].map {
            windowBits($0, of: "client_max_window_bits")
        }
        compression.serverMaximumWindowBits = fields["server_max_window_bits"].map {
            windowBits($0, of: "server_max_window_bits")
        }
        if let node = fields["level"] {
            compression.level = integer(node, of: "'level'", "level: 6", in: 0...9).value
        }
        if let node = fields["threshold"] {
            compression.threshold = size(node, of: "'threshold'", "threshold: 1KiB", in: 0...1 << 30).value
        }
        return compression
    }

    private mutating func windowBits(_ node: PlanNode, of name: String) -> Int {
        integer(
            node, of: "'\(name)'", "\(name): 15", in: 8...15,
            help: "it is the base-2 logarithm of a window in bytes: 8 is 256 bytes, 15 is 32 KiB"
        ).value
    }
}
