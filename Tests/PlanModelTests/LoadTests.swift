import Diagnostics
import PlanModel
import Quantities
import TestSupport
import Testing

/// What is read of `load`, and what the command line makes of it.
@Suite struct LoadTests {
    /// A shape with nothing but its numbers: `100/s for 60000ms, 200 VUs`.
    private static func words(_ shape: Load.Shape) -> String {
        let milliseconds = { (duration: Located<Int64>?) in duration.map { "\($0.value / 1_000_000)ms" } ?? "ever" }
        let vus = { (vus: Located<Int>?) in vus.map { "\($0.value) VUs" } ?? "a VU" }
        switch shape {
        case .constantVUs(let count, let duration): return "\(vus(count)) for \(milliseconds(duration))"
        case .sharedIterations(let count, let iterations, let duration):
            return "\(vus(count)), \(iterations.value) in all, for \(milliseconds(duration))"
        case .iterationsPerVU(let count, let iterations, let duration):
            return "\(vus(count)), \(iterations.map { "\($0.value)" } ?? "one") each, for \(milliseconds(duration))"
        case .rampingVUs(let start, let stages):
            return stages.reduce("\(start.value)") { "\($0), \($1.target.value) in \(milliseconds($1.duration))" }
        case .constantArrivals(let rate, let duration, let most):
            return "\(RateText.text(of: rate.value)) for \(milliseconds(duration)), \(most.value) VUs"
        case .rampingArrivals(let start, let stages, let most):
            return stages.reduce(RateText.text(of: start.value)) {
                "\($0), \(RateText.text(of: $1.target.value)) in \(milliseconds($1.duration))"
            } + ", \(most.value) VUs"
        }
    }

    @Test func readsEveryShape() throws {
        let plan = try #require(ReadPlan(try Fixture("ok/loads.yaml").source()).plan)
        #expect(plan.scenarios.allSatisfy { $0.load.isWhollyKnown })
        #expect(
            plan.scenarios.map { "\($0.name): \(Self.words($0.load.shape))" } == [
                "one: a VU, one each, for ever", "constant users: 10 VUs for 30000ms", "a time: a VU for 30000ms",
                "iterations in all: 10 VUs, 100 in all, for 300000ms", "iterations each: 10 VUs, 10 each, for ever",
                "users in stages: 0, 50 in 60000ms, 20 in 0ms, 20 in 30000ms",
                "arrivals: 100/s for 60000ms, 200 VUs",
                "arrivals in stages: 0.5/s, 100/s in 60000ms, 0/s in 60000ms, 200 VUs",
            ])
        #expect(plan.scenarios.map(\.load.shape.mostVUs) == [1, 10, 1, 10, 10, 50, 200, 200])
        let ends = plan.scenarios.map { $0.load.endNanoseconds.map { $0 / 1_000_000_000 } }
        #expect(ends == [nil, 30, 120, 300, nil, 90, 60, 130])
    }

    @Test func doesNotTakeWhatIsUnknownForWhatIsWritten() throws {
        let yaml = """
            env: {RATE: {}}
            url: ws://h/
            load: {rate: "${env.RATE}", duration: 1s, max_vus: 1}
            """
        #expect(ReadPlan(yaml: yaml).plan?.scenarios.first?.load.isWhollyKnown == false)
        #expect(ReadPlan(yaml: yaml, environment: ["RATE": "1/s"]).plan?.scenarios.first?.load.isWhollyKnown == true)
    }

    /// For each shape of `readsEveryShape`: what `--vus 3`, `--duration 2s` and `--iterations 5` make of it; nil where it has no
    /// such key.
    static let overrides: [(String, vus: String?, duration: String?, iterations: String?)] = [
        ("one", "3 VUs, one each, for ever", "a VU for 2000ms", "a VU, 5 in all, for ever"),
        ("constant users", "3 VUs for 30000ms", "10 VUs for 2000ms", "10 VUs, 5 in all, for 30000ms"),
        (
            "iterations in all", "3 VUs, 100 in all, for 300000ms", "10 VUs, 100 in all, for 2000ms",
            "10 VUs, 5 in all, for 300000ms"
        ),
        ("iterations each", "3 VUs, 10 each, for ever", "10 VUs, 10 each, for 2000ms", nil),
        ("users in stages", nil, nil, nil),
        ("arrivals", nil, "100/s for 2000ms, 200 VUs", nil),
        ("arrivals in stages", nil, nil, nil),
    ]

    @Test(arguments: overrides)
    func changesOnlyKeysThatAShapeHas(_ name: String, vus: String?, duration: String?, iterations: String?) throws {
        let plan = try #require(ReadPlan(try Fixture("ok/loads.yaml").source()).plan)
        let shape = try #require(plan.scenarios.first { $0.name == name }).load.shape
        let span = plan.scenarios[0].span
        func changed(_ change: (inout Load.Shape) -> Bool) -> String? {
            var changed = shape
            let isChanged = change(&changed)
            #expect(isChanged || changed == shape)
            return isChanged ? Self.words(changed) : nil
        }
        #expect(changed { $0.setVUs(Located(3, at: span)) } == vus)
        #expect(changed { $0.setDuration(Located(2_000_000_000, at: span)) } == duration)
        #expect(changed { $0.setIterations(Located(5, at: span)) } == iterations)
    }
}
