import Diagnostics
import EventProgram
import PlanCompiler
import PlanLint
import PlanModel
import PlanSyntax

/// A plan on the whole way that `wsplan lint` takes it: all stages, and the diagnostics of all of them.
struct LintedPlan {
    let file: SourceFile
    let programs: [Program]
    /// In source order.
    let diagnostics: [Diagnostic]
    /// Whether a variable of the environment has no value: then what files hold may not be known, which is no error yet.
    private(set) var lacksEnvironment = false

    init(_ file: SourceFile) {
        self.file = file
        let document = PlanDocument.read(file)
        var found = document.diagnostics
        var programs: [Program] = []
        if let node = document.node {
            let reading = PlanReader(environment: [:]).read(node, of: file)
            found += reading.diagnostics
            lacksEnvironment = !reading.missingEnvironment.isEmpty
            if var plan = reading.plan {
                plan.pretendFiles()
                found += PlanLinter.check(plan, isComplete: reading.isComplete)
                let output = PlanCompiler.compile(plan)
                found += output.diagnostics
                programs = output.programs
            }
        }
        self.programs = programs
        diagnostics = DiagnosticRenderer.inSourceOrder(found)
    }

    var renderedDiagnostics: String { DiagnosticRenderer(file: file).render(diagnostics) }
}

extension Plan {
    /// There is no folder here: a file that a step sends holds something.
    fileprivate mutating func pretendFiles() {
        var paths: Set<String> = []
        walk { step in
            if case .send(let send) = step.kind, case .file(let path?, _) = send.payload { paths.insert(path.value) }
        }
        for path in paths { files[path] = Array("something".utf8) }
    }
}
