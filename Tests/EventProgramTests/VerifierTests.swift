import Diagnostics
import EventProgram
import Expressions
import Testing

@Suite struct VerifierTests {
    private static let span = SourceSpan(start: 0, end: 0)

    private func program(_ instructions: [Instruction], pools: Pools = Pools()) throws -> Program {
        var pools = pools
        pools.checkNames.append("status is 101")
        return try Program(
            scenario: "default", instructions: instructions,
            spans: Array(repeating: Self.span, count: instructions.count), pools: pools, handlers: [],
            vuPrologue: .init(address: 0), iterationPrologue: .init(address: 0),
            target: Target(url: Template(constant: [], source: LocatedText("", at: Self.span))),
            expectations: Expectations(
                statuses: [101], statusCheck: 0, closeCodes: [1000], closeCheck: nil, statusSpan: Self.span,
                closeSpan: Self.span),
            timeouts: Program.Timeouts(), vuVariableCount: 0, variableCount: 1)
    }

    @Test func acceptsWhatIsInOrder() throws {
        var pools = Pools()
        pools.values = [.constant(.int(1))]
        _ = try program(
            [Instruction(.setSession, a: 0, b: 0), Instruction(.jump, a: 2), Instruction(.connect), Instruction(.end)],
            pools: pools)
    }

    @Test(
        arguments: [
            ([], "a prologue starts at 0"),
            ([Instruction(.ping)], "runs past its end"),
            ([Instruction(.jump, a: 7)], "address 7 does not exist"),
            ([Instruction(.unless, a: 0, b: 0), Instruction(.end)], "expression 0 does not exist"),
            ([Instruction(.sendText, a: 3), Instruction(.end)], "template 3 does not exist"),
            ([Instruction(.sendRandom, a: 0), Instruction(.end)], "randomPayload 0 does not exist"),
            ([Instruction(.setSession, a: 1, b: 0), Instruction(.end)], "variable 1 does not exist"),
            ([Instruction(.startTimer, a: 0), Instruction(.end)], "timer 0 does not exist"),
            ([Instruction(.end, a: 1)], "takes no such operand"),
            ([Instruction(.end, group: 2)], "group 2 does not exist"),
            ([Instruction(.mark, a: 0), Instruction(.end)], "mark 0 does not exist"),
            ([Instruction(.measure, a: 1), Instruction(.end)], "measure 1 does not exist"),
            ([Instruction(.record, a: 0), Instruction(.end)], "record 0 does not exist"),
        ] as [([Instruction], String)])
    func refusesWhatWouldBreakTheInterpreter(_ instructions: [Instruction], _ reason: String) throws {
        let error = try #require(throws: VerificationError.self) { _ = try program(instructions) }
        #expect(error.reason.contains(reason), "\(error)")
    }

    @Test func refusesTimesForAMetricThatTakesNone() throws {
        var pools = Pools()
        pools.metrics = [Pools.Metric(name: "price", kind: .trend)]
        pools.measures = [Pools.Measure(metric: 0, since: .mark(0))]
        let error = try #require(throws: VerificationError.self) { _ = try program([Instruction(.end)], pools: pools) }
        #expect(error.reason.contains("takes no times"), "\(error)")
    }
}
