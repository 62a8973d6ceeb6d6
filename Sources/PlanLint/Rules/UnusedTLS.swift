import Diagnostics
import PlanModel

/// `connect.tls` stands beside an address without TLS.
///
/// ## Why it matters
/// Nothing of what it says is done: what goes to a `ws://` address can be read and changed on its way.
///
/// ## Example
/// ```yaml
/// url: ws://example.com/
/// connect:
///   tls:
///     ca: certificates/ca.pem
/// ```
///
/// ## Instead
/// Write the address with `wss://`, or leave `tls` out. The server of `serve` speaks no TLS.
struct UnusedTLS: PlanRule {
    static let code = DiagnosticCode.unusedTLS

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        // What several scenarios have from the plan is used where one of them speaks TLS.
        let used = Set(plan.scenarios.filter { !$0.isWithoutTLS }.compactMap(\.connect.tls?.span))
        for scenario in plan.scenarios where scenario.isWithoutTLS {
            guard let tls = scenario.connect.tls, !used.contains(tls.span) else { continue }
            findings.append(
                Diagnostic(
                    Self.code, .unusedTLS, at: tls.span,
                    help: scenario.connectsToEmbeddedServer
                        ? "the server of 'serve' speaks no TLS; leave 'tls' out" : "write wss://, or leave 'tls' out",
                    notes: [Diagnostic.Note("the address is here", at: scenario.urlSpan)]))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let unusedTLS = Self("the address has no TLS: 'tls' has no effect")
}
