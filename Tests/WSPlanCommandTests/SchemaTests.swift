import TestSupport
import Testing

extension EndToEnd {
    /// `schemas/plan.schema.json`, and `wsplan schema`, which prints it.
    @Suite struct Schema {
        /// What lint accepts it accepts, what lint refuses for a structural reason it refuses: see `plan_schema.py`.
        @Test func theSchemaAndLintAgree() async throws {
            let count = EndToEnd.isVerifying ? 6000 : 400
            let result = try await ProcessRunner(
                BuiltProducts.python,
                ["-I", EndToEnd.servers + "/plan_schema.py", BuiltProducts.wsplan, String(count)],
                timeout: .seconds(EndToEnd.isVerifying ? 900 : 300)
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test func itIsPrintedAsItIs() async throws {
            let result = try await EndToEnd.wsplan("schema").run()
            #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
            #expect(result.output == (try TextFile.read(BuiltProducts.packageRoot + "/schemas/plan.schema.json")))
        }

        @Test(arguments: ["plan", "report"]) func thatOfEachDocumentIsPrinted(_ document: String) async throws {
            let result = try await EndToEnd.wsplan("schema", document).run()
            #expect(result.exitCode == 0 && result.error.isEmpty, "\(result.error)")
            #expect(
                result.output == (try TextFile.read(BuiltProducts.packageRoot + "/schemas/\(document).schema.json")))
        }

        @Test(arguments: [ChildProcess.Output.closedPipe, .closed, .file("/dev/full")])
        func whereItCannotBeWrittenThatIsSaid(_ output: ChildProcess.Output) async throws {
            var runner = EndToEnd.wsplan("schema")
            runner.output = output
            let result = try await runner.run()
            #expect(result.exitCode == 3, "\(result.transcript)")
            #expect(result.error.hasPrefix("wsplan: cannot write the schema: "), "\(result.transcript)")
        }

        @Test func everyPlanNamesItForEditors() throws {
            for name in try TextFile.names(in: EndToEnd.plans) where name.hasSuffix(".yaml") {
                let text = try TextFile.read(EndToEnd.plans + "/" + name)
                #expect(text.hasPrefix("# yaml-language-server: $schema=../schemas/plan.schema.json\n"), "\(name)")
            }
        }
    }
}
