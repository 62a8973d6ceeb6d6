import Diagnostics
import EventProgram
import Expressions
import PlanCompiler
import PlanModel
import PlanSyntax
import Testing

/// A plan and a script of stimuli, played against one virtual user: below each stimulus stands what the user asked for.
///
/// A script has a line for each stimulus: `start`, `opened`, `refused`, `answered 403`, `text …`, `binary 00ff`, `ping`,
/// `pong`, `peer closes 1000 …`, `breaks reset …`, `closed 1000`, `load ends`, `abandoned`, and `after 250ms`, which moves
/// the clock and wakes the user whenever it wants to be woken on the way, and `stalls 250ms`, which wakes it at the end only.
struct Transcript {
    private let program: Program
    private var user: VirtualUser
    private var context: ExecutionContext
    private var now: Int64 = 0
    private(set) var text = ""

    init(plan text: String) throws {
        let file = SourceFile(name: "plan.yaml", bytes: Array(text.utf8))
        let document = PlanDocument.read(file)
        let node = try #require(document.node)
        let reading = PlanReader(environment: [:]).read(node, of: file)
        let plan = try #require(reading.plan)
        let output = PlanCompiler.compile(plan)
        let problems = document.diagnostics + reading.diagnostics + output.diagnostics
        // A warning is no reason not to play: some transcripts show what it warns of.
        try #require(
            !problems.contains { $0.severity == .error }, "\(DiagnosticRenderer(file: file).render(problems))")
        program = try #require(output.programs.first)
        user = VirtualUser(id: 1, program: program, seed: RandomSeed(1))
        context = ExecutionContext(
            program: program,
            evaluation: EvaluationContext(
                run: RunFacts(runID: "run", scenario: "default", serverURL: "ws://127.0.0.1:9/", environment: [])))
    }

    mutating func play(_ script: Substring) throws {
        for line in script.split(separator: "\n") where !line.hasPrefix("  ") {
            text += line + "\n"
            try play(line: String(line))
        }
        let never = context.conditions.neverEvaluated
        for (text, counts) in zip(program.pools.markTexts, context.marks.texts) {
            self.text +=
                "  marks \"\(text)\": \(counts.set) set, \(counts.measured) measured, \(counts.replaced) replaced, "
                + "\(counts.neverMeasured) never measured, \(counts.cut) cut\n"
        }
        let missing = context.marks.missing.reduce(0, +)
        if missing > 0 { text += "  \(missing) found no mark\n" }
        let inFuture = context.marks.inFuture.reduce(0, +)
        if inFuture > 0 { text += "  \(inFuture) lay after now\n" }
        for (_, error) in never { text += "  never evaluated: \(error.reason)\n" }
    }

    private mutating func play(line: String) throws {
        let words = line.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? String(words[1]) : ""
        switch words[0] {
        case "start": deliver(.start(runIteration: user.iteration + 1))
        case "opened":
            // In 5 ms unless the line says otherwise: `opened 20ms chat`.
            let parts = rest.split(separator: " ")
            let milliseconds = parts.isEmpty ? 5 : try #require(Int64(parts[0].dropLast(2)))
            let subprotocol = parts.count > 1 ? String(parts[1]) : ""
            deliver(
                .opened(response(101, subprotocol: subprotocol), afterNanoseconds: milliseconds * 1_000_000))
        case "refused":
            deliver(.connectFailed(.refused, message: "connection refused", response: nil, span: nil))
        case "answered":
            let status = try #require(Int64(rest))
            deliver(
                .connectFailed(.httpStatus, message: "answered \(status)", response: response(status), span: nil))
        case "text": deliver(bytes: Array(rest.utf8)) { .message($0, isBinary: false) }
        case "binary":
            let digits = Array(rest)
            let bytes = try stride(from: 0, to: digits.count, by: 2).map {
                try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
            }
            deliver(bytes: bytes) { .message($0, isBinary: true) }
        case "ping": deliver(.ping)
        case "pong": deliver(.pong)
        case "peer":
            let parts = rest.split(separator: " ", maxSplits: 2)
            deliver(.peerClosing(code: try #require(UInt16(parts[1])), reason: parts.count > 2 ? String(parts[2]) : ""))
        case "breaks":
            let parts = rest.split(separator: " ", maxSplits: 1)
            deliver(
                .sessionFailed(try #require(ErrorKind(rawValue: String(parts[0]))), message: String(parts.last ?? "")))
        case "closed": deliver(.closed(code: try #require(UInt16(rest)), reason: ""))
        case "load": deliver(.loadEnded)
        case "abandoned": deliver(.abandoned)
        case "after": advance(by: try #require(Int64(rest.dropLast(2))) * 1_000_000)
        case "stalls":
            now += try #require(Int64(rest.dropLast(2))) * 1_000_000
            advance(by: 0)
        default: Issue.record("no such stimulus: \(line)")
        }
    }

    private func response(_ status: Int64, subprotocol: String = "") -> ResponseFact {
        ResponseFact(
            status: status, headers: [("X-Test", "yes"), ("x-test", "again")], subprotocol: subprotocol,
            body: Array("body".utf8))
    }

    private mutating func advance(by nanoseconds: Int64) {
        let end = now + nanoseconds
        while user.wakeNanoseconds <= end {
            now = max(now, user.wakeNanoseconds)
            deliver(.wake)
        }
        now = end
    }

    private mutating func deliver(bytes: [UInt8], _ stimulus: (UnsafeRawBufferPointer) -> Stimulus) {
        bytes.withUnsafeBytes { deliver(stimulus($0)) }
    }

    private mutating func deliver(_ stimulus: Stimulus) {
        context.evaluation.wallNanoseconds = 1_700_000_000_000_000_000 + now
        user.next(after: stimulus, atNanoseconds: now, in: &context)
        for effect in context.effects.list { text += "  " + describe(effect) + "\n" }
        context.effects.removeAll()
    }

    // MARK: Effects in words

    private func describe(_ effect: Effect) -> String {
        switch effect {
        case .connect(let index):
            let order = context.effects.connectOrders[index]
            var words = "\(time) connect \(order.url.text)"
            for header in order.headers { words += " [\(header.name): \(header.value.text)]" }
            if let origin = order.origin { words += " [origin \(origin.text)]" }
            for cookie in order.cookies { words += " [cookie \(cookie.name)=\(cookie.value.text)]" }
            for subprotocol in order.subprotocols { words += " (\(subprotocol.text))" }
            return words
        case .abandonConnect: return "\(time) abandon the connect"
        case .send(let payload, let isBinary, let fragments, let group):
            let count = fragments == 1 ? "" : " in \(fragments) fragments"
            return "\(time) send \(isBinary ? "binary" : "text") \(quoted(payload))\(count)\(name(of: group))"
        case .sendValue(let index, let isBinary, let fragments, let group):
            let count = fragments == 1 ? "" : " in \(fragments) fragments"
            var whole = ""
            context.effects.withBytes(ofValue: index) { whole = $0.withUnsafeBytes { quoted(Array($0)) } }
            return "\(time) send \(isBinary ? "binary" : "text") \(whole) uncopied\(count)\(name(of: group))"
        case .ping(let payload): return "\(time) ping \(quoted(payload))"
        case .pong(let payload): return "\(time) pong \(quoted(payload))"
        case .close(let code, let reason): return "\(time) close \(code) \(quoted(reason))"
        case .abort: return "\(time) abort"
        case .log(let level, let payload): return "\(time) log \(level.name) \(quoted(payload))"
        case .check(let check, let passed, let group):
            return
                "\(time) check \"\(program.pools.checkNames[Int(check)])\" \(passed ? "passes" : "fails")\(name(of: group))"
        case .checkFailure(let index):
            let detail = context.effects.details[index]
            let operands = detail.operands.map { " {\($0.source) = \($0.value)}" }.joined()
            return "\(time)   because: \(detail.text)\(operands)"
        case .awaited(let index, let nanoseconds):
            return
                "\(time) awaited \"\(program.pools.awaits[Int(index)].name)\" after \(nanoseconds / 1_000_000)ms"
        case .measured(let index, let nanoseconds):
            let measure = program.pools.measures[Int(index)]
            return "\(time) measured \(program.pools.metrics[Int(measure.metric)].name) \(nanoseconds / 1_000_000)ms"
        case .recorded(let index, let sample):
            let record = program.pools.records[Int(index)]
            return "\(time) recorded \(program.pools.metrics[Int(record.metric)].name) \(sample)"
        case .timerLag(let nanoseconds): return "\(time) timer lag \(nanoseconds / 1_000_000)ms"
        case .error(let kind, let detail, let group):
            let words = context.effects.details[detail]
            let operands = words.operands.map { " {\($0.source) = \($0.value)}" }.joined()
            return "\(time) error \(kind.rawValue): \(words.text)\(operands)\(name(of: group))"
        case .sessionClosed(let code, let initiator): return "\(time) session closed \(code) by \(initiator.rawValue)"
        case .inboxDropped: return "\(time) inbox dropped its oldest"
        case .stopRun(let detail): return "\(time) stop the run: \(context.effects.details[detail].text)"
        case .iterationOver(let failed, let cut):
            return "\(time) iteration over\(failed ? ", failed" : "")\(cut ? ", cut" : "")"
        }
    }

    private var time: String { "\(now / 1_000_000)ms:" }

    private func quoted(_ payload: Effect.Payload) -> String {
        let literals = UnsafeRawBufferPointer(start: context.literals, count: payload.range.upperBound)
        return quoted(payload.isLiteral ? Array(literals[payload.range]) : Array(context.effects.bytes[payload.range]))
    }

    private func quoted(_ bytes: [UInt8]) -> String {
        guard bytes.count <= 1_000 else { return "\(bytes.count) bytes" }
        return bytes.allSatisfy { (0x20..<0x7F).contains($0) }
            ? "\"\(String(decoding: bytes, as: UTF8.self))\""
            : bytes.map { String($0, radix: 16) }.joined(separator: " ")
    }

    private func name(of group: UInt16) -> String {
        group == Instruction.noGroup ? "" : " [\(program.pools.groups[Int(group)])]"
    }
}
