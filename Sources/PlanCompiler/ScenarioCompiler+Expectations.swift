import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// What sessions have to meet, each part with the name of its check.
extension ScenarioCompiler {
    mutating func compileExpectations(_ scope: Scope) -> Expectations {
        let expect = scenario.expect
        var expectations = Expectations(
            statuses: expect.acceptedStatuses, statusCheck: code.checkName(expect.statusCheckName),
            closeCodes: expect.acceptedCloseCodes.map { UInt16(clamping: $0) },
            closeCheck: expect.closeCheckName.map { code.checkName($0) },
            statusSpan: expect.statuses.first?.span ?? scenario.urlSpan, closeSpan: expect.closeCodes.first?.span)
        if let subprotocol = expect.subprotocol, let name = expect.subprotocolCheckName,
            let value = template(subprotocol, scope)
        {
            expectations.answers.append(.init(.subprotocol, is: value, check: code.checkName(name)))
        }
        for header in expect.headers {
            guard let value = template(header.value, scope) else { continue }
            expectations.answers.append(
                .init(.header(header.name.value), is: value, check: code.checkName(header.checkName)))
        }
        if let within = expect.within, let name = expect.withinCheckName {
            expectations.opening = .init(
                withinNanoseconds: within.value, check: code.checkName(name), span: within.span)
        }
        if let first = expect.closers.first, let name = expect.closerCheckName {
            expectations.closing = .init(
                by: expect.closers.map(\.value), check: code.checkName(name), span: first.span)
        }
        expectations.errors = Set(expect.errors.map(\.value))
        return expectations
    }
}
