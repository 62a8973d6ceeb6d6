import Diagnostics
import Expressions
import PlanModel

/// `expect.subprotocol` is none of those that the plan offers.
///
/// ## Why it matters
/// A server may only choose from what it is offered (RFC 6455 §4.2.2). The expectation fails in every session.
///
/// ## Example
/// ```yaml
/// connect:
///   subprotocols:
///     - chat.v1
/// expect:
///   subprotocol: chat.v2
/// ```
///
/// ## Instead
/// Offer it in `connect.subprotocols`, or expect one that is offered.
struct UnofferedSubprotocol: PlanRule {
    static let code = DiagnosticCode.unofferedSubprotocol
    static let looksForWhatIsMissing = true

    func check(_ plan: Plan, into findings: inout [Diagnostic]) {
        for scenario in plan.scenarios {
            guard let expected = scenario.expect.subprotocol, let name = expected.literal else { continue }
            let offered = scenario.connect.subprotocols.compactMap(\.literal)
            // One that is only known at run time may be it; an empty one is one that could not be read.
            guard offered.count == scenario.connect.subprotocols.count, !offered.contains(name), !name.isEmpty,
                !offered.contains("")
            else { continue }
            let help = Candidates(offered).help(
                for: name, "the subprotocols offered", none: "offer it in 'connect.subprotocols'")
            findings.append(Diagnostic(Self.code, .unoffered(name), at: expected.source.span, help: help))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func unoffered(_ name: String) -> Self { Self("the subprotocol '\(name)' is not offered") }
}
