import TestSupport
import Testing
import WebSocketCodec

/// One case of `Fixtures/compressed-messages.txt`; that file says how it is written.
struct CompressedMessages: CustomTestStringConvertible, Sendable {
    let name: String
    /// Whether messages refer to earlier ones.
    let needsContext: Bool
    let bytes: [UInt8]
    /// As the file writes them.
    let outcome: [String]

    var testDescription: String { name }

    static let all: [CompressedMessages] = {
        guard let text = try? TextFile.read(Fixture("compressed-messages.txt").path) else {
            preconditionFailure("cannot read compressed-messages.txt")
        }
        return text.split(separator: "\n== ").dropFirst().map { CompressedMessages(text: $0) }
    }()

    private init(text: Substring) {
        var lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let title = lines.removeFirst()
        needsContext = title.hasSuffix(" (context)")
        name = String(title)
        outcome = lines.filter { $0.hasPrefix("-> ") }.map { String($0.dropFirst(3)) }
        bytes = lines.filter { !$0.hasPrefix("-> ") }.flatMap { hex(String($0)) }
    }
}

extension CompressedMessages {
    /// Every way to cut them in two, of long ones every eleventh, and into single bytes.
    var cuts: [[[UInt8]]] {
        stride(from: 0, through: bytes.count, by: bytes.count < 100 ? 1 : 11)
            .map { [Array(bytes[..<$0]), Array(bytes[$0...])] } + [bytes.map { [$0] }]
    }
}

extension Decoded {
    /// As `compressed-messages.txt` writes it.
    var lines: [String] {
        events.map { event in
            switch event {
            case .text(let text): "text '\(text)'"
            case .binary(let bytes): "binary '\(String(decoding: bytes, as: UTF8.self))'"
            case .ping(let bytes): "ping '\(String(decoding: bytes, as: UTF8.self))'"
            case .pong(let bytes): "pong '\(String(decoding: bytes, as: UTF8.self))'"
            case .close(let code, _): "close \(code ?? 0)"
            }
        } + (violation.map { ["violation \($0.kind.rawValue) \($0.closeCode.rawValue) \($0.reason)"] } ?? [])
    }
}

extension CompressionAgreement.Terms {
    init(takesContextOver: Bool, windowBits: Int = 15) {
        self.init()
        self.takesContextOver = takesContextOver
        self.windowBits = windowBits
    }
}
