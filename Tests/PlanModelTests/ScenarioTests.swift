import Diagnostics
import Expressions
import LoadMetrics
import PlanModel
import TestSupport
import Testing

/// What scenarios have themselves, and what they have from the plan.
@Suite struct ScenarioTests {
    @Test func replacesWholeKeysAndMergesMaps() throws {
        let plan = try #require(ReadPlan(try Fixture("ok/scenarios.yaml").source()).plan)
        #expect(plan.scenarios.map(\.name) == ["x-watchers", "buyers"])
        let (watchers, buyers) = (plan.scenarios[0], plan.scenarios[1])
        #expect(plan.scenarios.map(\.url.source.text) == ["ws://${env.HOST}:9001/", "ws://${env.HOST}:9002/"])
        let tags = plan.scenarios.map { $0.tags.map { "\($0.name.value)=\($0.value.value)" } }
        #expect(tags == [["team=payments", "tier=free"], ["team=payments", "tier=paid", "shard=4"]])
        let names = plan.scenarios.map { $0.variables.map(\.name.value) }
        #expect(names == [["room", "greeting"], ["room", "greeting", "basket"]])
        #expect(buyers.vuVariables.map(\.name.value) == ["user", "count"])
        #expect(watchers.connect.compression != nil && buyers.connect.compression == nil)
        #expect(plan.scenarios.allSatisfy { $0.connect.headers.count == 1 && $0.connect.redirectLimit == 2 })
        #expect(watchers.connect.subprotocols.isEmpty && buyers.connect.subprotocols.count == 1)
        #expect(plan.scenarios.map { $0.timeouts.connectNanoseconds / 1_000_000_000 } == [3, 3])
        #expect(plan.scenarios.map { $0.timeouts.awaitNanoseconds / 1_000_000_000 } == [2, 1])
        #expect(plan.scenarios.map(\.timeouts.sessionNanoseconds) == [nil, 60_000_000_000])
        #expect(plan.scenarios.map { $0.expect.closeCodes.map(\.value) } == [[1000, 1001], [1000]])
        #expect(plan.scenarios.map { $0.expect.within?.value } == [1_000_000_000, 1_000_000_000])
        #expect(watchers.expect.closers.isEmpty && buyers.expect.closers.map(\.value) == [.plan])
        #expect(watchers.load.shape.mostVUs == 100 && watchers.load.endNanoseconds == nil)
        #expect(buyers.load.shape.mostVUs == 2 && buyers.load.endNanoseconds == 10_000_000_000)
        #expect(watchers.handlers.map(\.event) == [.open, .message, .message])
        #expect(buyers.handlers.map(\.event) == [.open, .message])
        #expect(buyers.handlers[0].span == watchers.handlers[0].span)
        #expect(buyers.handlers[1].span != watchers.handlers[1].span)
    }

    @Test func readsTheLongFormOfThresholds() throws {
        let plan = try #require(ReadPlan(try Fixture("ok/scenarios.yaml").source()).plan)
        #expect(plan.thresholds.map(\.abortsRun) == [false, false, false, false, true])
        #expect(plan.thresholds.map(\.afterNanoseconds) == [0, 0, 0, 0, 1_000_000_000])
        #expect(plan.thresholds.map(\.windowNanoseconds) == [nil, nil, nil, nil, 2_000_000_000])
    }

    @Test func hasOneWithoutANameWhereThePlanNamesNone() throws {
        let plan = try #require(ReadPlan(yaml: "{url: ws://h/, on_open: [close]}").plan)
        #expect(plan.scenarios.map(\.name) == ["default"] && plan.scenarios[0].ownSpan == nil)
    }

    /// Each has a program of its own: there is a limit to them, not to what they share.
    @Test(arguments: [100, 101]) func boundsTheirNumber(_ count: Int) {
        let yaml = "url: ws://h/\non_open: [close]\nscenarios:\n" + (0..<count).map { "  s\($0): {}\n" }.joined()
        let messages = ReadPlan(yaml: yaml).diagnostics.map(\.message.text)
        #expect(messages == (count > 100 ? ["a plan has at most 100 scenarios"] : []))
    }
}
