import Diagnostics
import PlanSyntax
import TestSupport
import Testing

@Suite struct PlanDocumentTests {
    private static func plans(in folder: String) -> [Fixture] {
        Fixture.all(in: folder, endingIn: [".yaml", ".json"])
    }

    @Test(arguments: plans(in: "ok"))
    func givesTheseNodes(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let (node, diagnostics) = PlanDocument.read(file)
        #expect(diagnostics == [], "\(DiagnosticRenderer(file: file).render(diagnostics))")
        let listing = try NodeListing.of(#require(node), in: file)
        Golden.expect(listing, equals: fixture.path + ".nodes")
    }

    @Test(arguments: plans(in: "err"))
    func saysWhatIsWrong(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let (_, diagnostics) = PlanDocument.read(file)
        #expect(!diagnostics.isEmpty)
        let output = DiagnosticRenderer(file: file).render(diagnostics)
        Golden.expect(output, equals: fixture.path + ".out")
    }

    /// What only YAML has: its own syntax, several documents, tags, keys that are no text, aliases, merges, plain text.
    private static let onlyInYAML: Set<DiagnosticCode> = [
        .malformedYAML, .severalDocuments, .explicitTag, .unusableKey, .unusableAlias, .unusableMerge, .needsQuotes,
        .missingSpace,
    ]

    @Test(arguments: DiagnosticCode.allCases.filter { $0.rawValue.hasPrefix("WSP0") })
    func everyCodeHasAFixture(_ code: DiagnosticCode) throws {
        let formats = try [".yaml", ".json"].filter { format in
            try Self.plans(in: "err").filter { $0.name.hasSuffix(format) }
                .contains { try PlanDocument.read($0.source()).diagnostics.contains { $0.code == code } }
        }
        let wanted =
            code == .malformedJSON ? [".json"] : Self.onlyInYAML.contains(code) ? [".yaml"] : [".yaml", ".json"]
        #expect(formats == wanted)
    }

    /// A line that help shows in place of a broken one gives the text that its author meant, and mends it.
    @Test(arguments: plans(in: "err").filter { $0.name.hasSuffix(".yaml") })
    func showsQuotedTextThatIsRight(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let broken = PlanDocument.read(file).diagnostics
        for diagnostic in broken where diagnostic.code == .needsQuotes {
            guard let line = diagnostic.help?.split(separator: "\n").dropFirst().first else { continue }
            let number = file.position(at: diagnostic.span.start).line
            let original = Array(file.line(number))
            let indentation = original.prefix { $0 == 0x20 }
            var lines = file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
            lines[number - 1] = indentation + Array(line.utf8)
            let mended = SourceFile(name: file.name, bytes: Array(lines.joined(separator: [0x0A])))
            let left = PlanDocument.read(mended).diagnostics
            #expect(left.count == broken.count - 1, "\(DiagnosticRenderer(file: mended).render(left))")
            // Without the quotes that were put around it and those that were doubled, it is the line as it was.
            let letters = { (bytes: [UInt8]) in bytes.filter { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") } }
            #expect(letters(lines[number - 1]) == letters(original))
        }
    }

    /// A span can be asked for every byte of every text, and leads back to the same character of the source wherever that
    /// is not an escape or a folded line break.
    @Test(arguments: plans(in: "ok"))
    func leadsEveryCharacterBackToItsSource(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let node = try #require(PlanDocument.read(file).node)
        for scalar in node.scalars {
            let text = Array(scalar.text.utf8)
            var verbatim = 0
            for offset in text.indices {
                let span = scalar.span(of: offset..<offset + 1)
                #expect(scalar.span.start <= span.start && span.end <= file.bytes.count, "\(scalar.text) at \(offset)")
                guard span.range.count == 1, let byte = file.bytes[span.range].first,
                    ![0x0A, 0x0D, 0x20].contains(byte)
                else { continue }
                #expect(byte == text[offset], "\(scalar.text) at \(offset)")
                verbatim += 1
            }
            // Of the text of these fixtures only a few characters at a time are written as escapes.
            let words = text.filter { $0 > 0x20 }.count
            #expect(verbatim + 16 >= words, "\(scalar.text) is hardly found in the source")
        }
    }

    /// Half a document is as good an input as any: it is read or refused at a place within it.
    @Test(arguments: plans(in: "ok") + plans(in: "err").filter { !$0.name.contains("laughs") })
    func readsOrRefusesEveryPrefix(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let format = PlanDocument.Format(of: file)
        for length in 0...file.bytes.count {
            let prefix = SourceFile(name: file.name, bytes: Array(file.bytes[..<length]))
            let (node, diagnostics) = PlanDocument.read(prefix, format: format)
            #expect(node != nil || !diagnostics.isEmpty, "cut at \(length)")
            for diagnostic in diagnostics {
                #expect(diagnostic.span.end <= length, "cut at \(length): \(diagnostic)")
                #expect(!diagnostic.message.text.contains("malformed YAML"), "cut at \(length): \(diagnostic)")
            }
            #expect(DiagnosticRenderer(file: prefix).render(diagnostics).isEmpty == diagnostics.isEmpty)
        }
    }

    @Test(arguments: [
        ("plan.yaml", "{}", PlanDocument.Format.yaml), ("plan.json", "a: b", .json), ("PLAN.JSON", "", .json),
        ("<stdin>", " \n{", .json), ("<stdin>", "a: b", .yaml), ("<stdin>", "\u{FEFF}{}", .json), ("plan", "{", .yaml),
    ])
    func choosesTheFormatByNameOrForStandardInputByContent(
        _ name: String, _ content: String, _ format: PlanDocument.Format
    ) {
        #expect(PlanDocument.Format(of: SourceFile(name: name, bytes: Array(content.utf8))) == format)
    }

    @Test func givesNodesFromYAMLAsFromTheSameJSON() throws {
        let text = #"{"a": [1, 1.5, true, null, "x\ny"], "b": {"c": "d"}}"#
        let file = SourceFile(name: "plan", bytes: Array(text.utf8))
        let yaml = try #require(PlanDocument.read(file, format: .yaml).node)
        let json = try #require(PlanDocument.read(file, format: .json).node)
        #expect(yaml.withoutFlow == json)
    }

    /// Inputs that would take hours if each of their many faults were looked into over the whole line.
    @Test(arguments: [("[", "(a,"), ("[", "!t x,"), ("{", "a: 1,"), ("[", "*x,")])
    func stopsAfterManyFaultsOnOneLine(_ start: String, _ repeated: String) {
        let file = SourceFile(name: "plan", bytes: Array((start + String(repeating: repeated, count: 5_000)).utf8))
        let (_, diagnostics) = PlanDocument.read(file)
        #expect((1...PlanDocument.maximumDiagnosticCount + 1).contains(diagnostics.count))
    }

    /// Faults that take reading the document once more: after so many of them, or so many bytes, the last word is that
    /// there is more.
    @Test(arguments: [(PlanDocument.Format.yaml, 0, 100), (.json, 0, 101), (.yaml, 3 << 20, 1)])
    func saysThatThereIsMore(_ format: PlanDocument.Format, _ commentLength: Int, _ told: Int) {
        let start = format == .json ? "[" : "#" + String(repeating: "x", count: commentLength)
        let faults = (0..<150).map { format == .json ? "01," : "\nk\($0): @x" }.joined()
        let (_, diagnostics) = PlanDocument.read(
            SourceFile(name: "plan", bytes: Array((start + faults).utf8)), format: format)
        #expect(diagnostics.last?.code == .tooManyProblems)
        #expect(diagnostics.count == told + 1)
    }

    @Test func saysWhyAFileCannotBeLoaded() throws {
        let folder = Fixture("ok").path
        let reason = { (path: String) in
            do throws(SourceFile.LoadError) { return try String(SourceFile.load(path: path).bytes.count) } catch {
                return "\(error)"
            }
        }
        #expect(reason(folder) == "'\(folder)' is a directory, not a plan file")
        #expect(reason("none.yaml") == "there is no file 'none.yaml'")
        #expect(reason("/dev/zero") == "'/dev/zero' is larger than the 4 MiB that a plan may have")
        #expect(reason(folder + "/echo.yaml/x").hasPrefix("cannot read '\(folder)/echo.yaml/x': "))
        #expect(reason(folder + "/document-start.yaml") == "17")
    }

    @Test func findsAnEntryByItsKey() throws {
        let file = SourceFile(name: "plan", bytes: Array("a: {b: [c]}\n".utf8))
        let node = try #require(PlanDocument.read(file).node)
        #expect(node["a"]?["b"]?.sequence?.first?.scalar?.text.text == "c")
        #expect(node["b"] == nil)
        #expect(node["a"]?["b"]?["c"] == nil)
    }
}

extension PlanNode {
    /// The text of every scalar, keys included.
    fileprivate var scalars: [LocatedText] {
        switch content {
        case .scalar(let scalar): [scalar.text]
        case .unreadable: []
        case .sequence(let elements): elements.flatMap(\.scalars)
        case .mapping(let entries): entries.flatMap { [$0.key] + $0.value.scalars }
        }
    }

    fileprivate var withoutFlow: PlanNode {
        switch content {
        case .scalar, .unreadable: PlanNode(content, at: span)
        case .sequence(let elements): PlanNode(.sequence(elements.map(\.withoutFlow)), at: span)
        case .mapping(let entries):
            PlanNode(.mapping(entries.map { Entry(key: $0.key, value: $0.value.withoutFlow) }), at: span)
        }
    }
}
