import TestSupport
import Testing
import WebSocketCodec

/// One case of `Fixtures/compression-answers.txt`; that file says how it is written.
struct CompressionAnswer: CustomTestStringConvertible, Sendable {
    let offer: CompressionOffer?
    /// The values of the header's lines.
    let headers: [String]
    let verdict: String

    let testDescription: String

    static let all: [CompressionAnswer] = {
        guard let text = try? TextFile.read(Fixture("compression-answers.txt").path) else {
            preconditionFailure("cannot read compression-answers.txt")
        }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { CompressionAnswer(line: $0) }
    }()

    private init(line: Substring) {
        let parts = line.split(separator: " | ", omittingEmptySubsequences: false)
        precondition(parts.count == 3, "no case: \(line)")
        offer = parts[0] == "none" ? nil : CompressionOffer(words: parts[0])
        headers =
            parts[1] == "(absent)"
            ? [] : parts[1].split(separator: " // ", omittingEmptySubsequences: false).map(String.init)
        verdict = String(parts[2])
        testDescription = "\(parts[0]) | \(parts[1])"
    }
}

extension CompressionOffer {
    init(words: Substring) {
        self.init()
        for word in words.split(separator: " ") {
            let parts = word.split(separator: "=")
            switch parts[0] {
            case "-": break
            case "client_no_context_takeover": clientNoContextTakeover = true
            case "server_no_context_takeover": serverNoContextTakeover = true
            case "client_max_window_bits": clientMaximumWindowBits = Int(parts[1])
            case "server_max_window_bits": serverMaximumWindowBits = Int(parts[1])
            default: preconditionFailure("no parameter: \(word)")
            }
        }
    }
}
