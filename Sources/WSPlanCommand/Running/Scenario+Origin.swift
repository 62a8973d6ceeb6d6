import Diagnostics
import Expressions
import PlanModel
import WebSocketCodec

extension Scenario {
    /// Where its sessions go, as far as that is known before the run: the host and the port of its `url`, when both are
    /// the same for all sessions. The path may vary.
    func origin(in environment: [EnvironmentVariable]) -> WebSocketURL? {
        let (beginning, isWhole) = url.beginning(readingOnly: "env")
        var ignored: [Diagnostic] = []
        let scope = Scope(facts: [.env], environment: environment.map(\.name.value))
        guard let template = beginning.check(in: scope, into: &ignored) else { return nil }
        var context = EvaluationContext(
            run: RunFacts(environment: environment.map { $0.value.map { .string($0) } ?? .null }))
        var bytes: [UInt8] = []
        guard (try? template.render(into: &bytes, in: &context)) != nil else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard isWhole || Self.namesHostWhole(text) else { return nil }
        return try? WebSocketURL(text)
    }

    /// Whether something follows the host and the port in the beginning of an address.
    private static func namesHostWhole(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        return text[scheme.upperBound...].contains { $0 == "/" || $0 == "?" }
    }
}
