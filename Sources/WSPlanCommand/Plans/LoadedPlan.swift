import Diagnostics
import EventProgram
import Glibc
import PlanCompiler
import PlanLint
import PlanModel
import PlanSyntax

/// A plan file on its way from text to programs, and everything that is wrong with it.
struct LoadedPlan {
    let file: SourceFile
    let plan: Plan?
    /// A program for each scenario; empty where the plan has an error.
    let programs: [Program]
    /// In source order.
    let diagnostics: [Diagnostic]

    /// Whether it may be run.
    var isUsable: Bool { plan != nil && !diagnostics.contains { $0.severity == .error } }

    /// Reads, judges and compiles a file.
    ///
    /// - Parameters:
    ///   - environment: what the plan's `env` is read from.
    ///   - needsEnvironment: whether a required variable without a value is an error: for `run`, not for `lint`.
    ///   - changes: what the command line changes of the plan, before it is judged.
    ///   - selects: which of its scenarios are left, by their names, once all of it has been judged.
    init(
        path: String, environment: [String: String], needsEnvironment: Bool = false,
        changes: (inout Plan) throws -> Void = { _ in }, selects: (String) -> Bool = { _ in true }
    ) throws {
        file = try SourceFile.load(path: path)
        let document = PlanDocument.read(file)
        guard let node = document.node else {
            plan = nil
            programs = []
            diagnostics = document.diagnostics
            return
        }
        let reading = PlanReader(environment: environment).read(node, of: file)
        var found = document.diagnostics + reading.diagnostics
        if needsEnvironment { found += reading.missingEnvironment }
        guard var plan = reading.plan else {
            self.plan = nil
            programs = []
            diagnostics = DiagnosticRenderer.inSourceOrder(found)
            return
        }
        try changes(&plan)
        let folder = PlanFolder(of: file)
        found += plan.readData(from: folder)
        found += plan.readFiles(from: folder)
        found += PlanLinter.check(plan, isComplete: reading.isComplete)
        let compiled = PlanCompiler.compile(plan)
        found += compiled.diagnostics
        for scenario in plan.scenarios {
            if let problem = file.unusableTLS(of: scenario) { found.append(problem) }
        }
        plan.keepScenarios(selects)
        self.plan = plan
        programs = compiled.programs.filter { selects($0.scenario) }
        diagnostics = DiagnosticRenderer.inSourceOrder(found)
    }
}

/// The environment of this process.
func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        entry += 1
    }
    return variables
}
