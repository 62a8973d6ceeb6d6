import Diagnostics
import EventProgram
import PlanCompiler
import PlanModel
import PlanSyntax
import TestSupport
import Testing

/// Each `Fixtures/*.yaml` compiles to the listing beside it, or to the diagnostics in its `.out`.
@Suite struct ListingTests {
    private static let folder = BuiltProducts.packageRoot + "/Tests/PlanCompilerTests/Fixtures"

    static func names(in folder: String) -> [String] {
        (try? TextFile.names(in: "\(Self.folder)/\(folder)").filter { $0.hasSuffix(".yaml") }) ?? []
    }

    private func compile(_ folder: String, _ name: String) throws -> (file: SourceFile, output: PlanCompiler.Output) {
        let text = try TextFile.read("\(Self.folder)/\(folder)/\(name)")
        let file = SourceFile(name: name, bytes: Array(text.utf8))
        let document = PlanDocument.read(file)
        let node = try #require(document.node)
        let reading = PlanReader(environment: [:]).read(node, of: file)
        try #require(document.diagnostics.isEmpty && reading.diagnostics.isEmpty)
        return (file, PlanCompiler.compile(try #require(reading.plan)))
    }

    @Test(arguments: names(in: "ok")) func compilesToItsListing(_ name: String) throws {
        let (file, output) = try compile("ok", name)
        #expect(output.diagnostics.isEmpty, "\(DiagnosticRenderer(file: file).render(output.diagnostics))")
        let listing = output.programs.map { $0.listing(file: file) }.joined()
        Golden.expect(listing, equals: "\(Self.folder)/ok/\(name.dropLast(5)).listing")
    }

    @Test(arguments: names(in: "err")) func isRefusedWithItsDiagnostics(_ name: String) throws {
        let (file, output) = try compile("err", name)
        #expect(output.programs.isEmpty)
        Golden.expect(
            DiagnosticRenderer(file: file).render(output.diagnostics),
            equals: "\(Self.folder)/err/\(name.dropLast(5)).out")
    }

    @Test func thereAreFixtures() {
        #expect(Self.names(in: "ok").count >= 3)
        #expect(Self.names(in: "err").count >= 3)
    }
}
