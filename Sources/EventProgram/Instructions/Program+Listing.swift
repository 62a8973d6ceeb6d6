package import Diagnostics
import Expressions
import Quantities

extension Program {
    /// The program for people: address, opcode, operands and plan line of every instruction, with the entries named.
    /// Without `file` the lines are left out, so that two programs can be compared whatever file they came from.
    package func listing(file: SourceFile?) -> String {
        var labels: [Int: [String]] = [:]
        labels[Int(vuPrologue.address), default: []].append("start of a VU")
        labels[Int(iterationPrologue.address), default: []].append("start of an iteration")
        for handler in handlers {
            var label = "on \(handler.event)"
            if let name = handler.name { label += " \"\(name)\"" }
            if let condition = handler.condition { label += " if \(text(of: condition))" }
            labels[Int(handler.address), default: []].append(label)
        }
        for (index, timer) in pools.timers.enumerated() {
            labels[Int(timer.body), default: []].append("tick of \(name(ofTimer: index))")
        }

        var lines = ["scenario \(scenario): \(target.url.source.text)"]
        if let size = target.limits.maximumMessageSize {
            lines.append("  messages up to \(SizeText.text(ofBytes: size))")
        }
        if let keepalive = target.limits.keepalive {
            let interval = DurationText.text(ofNanoseconds: keepalive.intervalNanoseconds)
            lines.append(
                "  keepalive every \(interval) within \(DurationText.text(ofNanoseconds: keepalive.timeoutNanoseconds))"
            )
        }
        for source in data {
            lines.append("  session.\(source.slot) is a row of \(source.name): \(source.words)")
        }
        for address in instructions.indices {
            for label in labels[address] ?? [] { lines.append("\(label):") }
            lines.append(line(at: address, file: file))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(at address: Int, file: SourceFile?) -> String {
        let instruction = instructions[address]
        var text = "  \(padded(address))  " + "\(instruction.opcode)".padded(to: 13)
        text += operands(of: instruction).joined(separator: ", ")
        if instruction.group != Instruction.noGroup {
            text += "  [\(pools.groups[Int(instruction.group)])]"
        }
        if let file {
            text = text.padded(to: 71) + " ; line \(file.position(at: spans[address].start).line)"
        } else {
            text = text.trimmedAtEnd()
        }
        return text
    }

    private func operands(of instruction: Instruction) -> [String] {
        zip(instruction.opcode.operands, [instruction.a, instruction.b]).compactMap { operand, value in
            guard value != Instruction.noOperand else { return nil }
            return switch operand.room {
            case .unused: nil
            case .address: "→ \(padded(Int(value)))"
            case .sessionSlot: "session.\(value)"
            case .localSlot: "local.\(value)"
            case .level: LogLevel(rawValue: UInt8(value))?.name
            case .pool(let pool): describe(pool, Int(value))
            }
        }
    }

    private func describe(_ pool: Opcode.Pool, _ index: Int) -> String {
        switch pool {
        case .expression: text(of: UInt32(index))
        case .template: quoted(pools.templates[index].source.text)
        case .value: describe(pools.values[index])
        case .duration: describe(pools.durations[index])
        case .randomPayload: describe(pools.randomPayloads[index])
        case .check:
            "\(quoted(pools.checkNames[Int(pools.checks[index].name)])): \(pools.checks[index].condition.source.text)"
        case .checkName: quoted(pools.checkNames[index])
        case .await: describe(pools.awaits[index])
        case .timer: describe(pools.timers[index], index)
        case .timerID: quoted(pools.timerIDs[index])
        case .mark: key(pools.marks[index].key)
        case .measure: describe(pools.measures[index])
        case .record: "\(pools.metrics[Int(pools.records[index].metric)].name): \(describe(pools.records[index].value))"
        }
    }

    private func describe(_ await_: Pools.Await) -> String {
        let what =
            "\(quoted(await_.name)): \(await_.condition.map(text(of:)) ?? "any") within \(describe(await_.timeout))"
        guard case .mark(let reference) = await_.since else { return what }
        return what + " since \(key(pools.markReferences[Int(reference)].key))"
    }

    private func describe(_ measure: Pools.Measure) -> String {
        let metric = pools.metrics[Int(measure.metric)].name
        return switch measure.since {
        case .mark(let reference): "\(metric) since \(key(pools.markReferences[Int(reference)].key))"
        case .epochMilliseconds(let expression): "\(metric) since_ms \(text(of: expression))"
        }
    }

    private func key(_ template: UInt32) -> String { quoted(pools.templates[Int(template)].source.text) }

    private func describe(_ timer: Pools.Timer, _ index: Int) -> String {
        let name = name(ofTimer: index)
        switch timer.schedule {
        case .after(let delay): return "\(name) after \(describe(delay))"
        case .every(let interval, let first, let jitter, let times):
            var text = "\(name) every \(describe(interval))"
            if let first { text += " first \(describe(first))" }
            if let jitter { text += " jitter \(describe(jitter))" }
            if let times { text += " times \(describe(times))" }
            return text
        }
    }

    private func describe(_ value: ValueSource) -> String {
        switch value {
        case .constant(let value): value.listingText
        case .expression(let expression): expression.source.text
        case .template(let template): quoted(template.source.text)
        case .list(let elements): "[" + elements.map(describe).joined(separator: ", ") + "]"
        case .map(let entries):
            "{" + entries.map { "\($0.key): \(describe($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private func describe(_ duration: DurationSource) -> String {
        switch duration {
        case .nanoseconds(let nanoseconds): DurationText.text(ofNanoseconds: nanoseconds)
        case .template(let template): quoted(template.source.text)
        case .between(let low, let high): "\(describe(low))…\(describe(high))"
        }
    }

    private func describe(_ payload: Pools.RandomPayload) -> String {
        let size =
            switch payload.size {
            case .bytes(let bytes): SizeText.text(ofBytes: bytes)
            case .template(let template): quoted(template.source.text)
            }
        return size + (payload.isBinary ? " of bytes" : " of characters")
    }

    private func name(ofTimer index: Int) -> String {
        pools.timers[index].id.map { "timer \(index) \(quoted(pools.timerIDs[Int($0)]))" } ?? "timer \(index)"
    }

    private func text(of expression: UInt32) -> String { pools.expressions[Int(expression)].source.text }

    private func quoted(_ text: String) -> String { "\"\(text.escapedForListing)\"" }

    private func padded(_ address: Int) -> String {
        let digits = String(address)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
    }

    fileprivate func trimmedAtEnd() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// One line, whatever is in it.
    fileprivate var escapedForListing: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Value {
    fileprivate var listingText: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .double(let value): "\(value)"
        case .string(let value): "\"\(value.escapedForListing)\""
        case .bytes(let value): "\(value.count) bytes"
        case .list(let elements): "[" + elements.map(\.listingText).joined(separator: ", ") + "]"
        case .map(let map):
            "{" + map.entries.map { "\($0.key.listingText): \($0.value.listingText)" }.joined(separator: ", ") + "}"
        }
    }
}

extension [Program] {
    /// The listings of all programs of a plan, with a line between them.
    package func listing(file: SourceFile?) -> String { map { $0.listing(file: file) }.joined(separator: "\n") }
}
